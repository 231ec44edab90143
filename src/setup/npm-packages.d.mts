export declare function stalePackages(folder: string): readonly string[] | undefined;
