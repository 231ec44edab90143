const radix = 65_536;

/**
 * The places of the given times in order of time, equal times in their given order: a radix sort, linear in their
 * number. Takes whole seconds (not negative) and the nanoseconds below a second.
 */
export function timeOrder(seconds: Float64Array, nanoseconds: Uint32Array): Int32Array {
  const {length} = seconds;
  let order: Int32Array = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  if (isSorted(seconds, nanoseconds)) return order;
  const digits = new Uint16Array(length);
  for (let i = 0; i < length; i++) digits[i] = (nanoseconds[i] ?? 0) % radix;
  order = sortByDigit(order, digits);
  for (let i = 0; i < length; i++) digits[i] = Math.floor((nanoseconds[i] ?? 0) / radix);
  order = sortByDigit(order, digits);
  let least = Infinity;
  let most = 0;
  for (let i = 0; i < length; i++) {
    least = Math.min(least, seconds[i] ?? 0);
    most = Math.max(most, seconds[i] ?? 0);
  }
  for (let unit = 1; unit <= most - least; unit *= radix) {
    for (let i = 0; i < length; i++)
      digits[i] = Math.floor(((seconds[i] ?? 0) - least) / unit) % radix;
    order = sortByDigit(order, digits);
  }
  return order;
}

function isSorted(seconds: Float64Array, nanoseconds: Uint32Array): boolean {
  for (let i = 1; i < seconds.length; i++) {
    const step = (seconds[i] ?? 0) - (seconds[i - 1] ?? 0);
    if (step < 0 || (step === 0 && (nanoseconds[i] ?? 0) < (nanoseconds[i - 1] ?? 0))) return false;
  }
  return true;
}

/** `order` sorted by each one's digit, otherwise as it was. */
function sortByDigit(order: Int32Array, digits: Uint16Array): Int32Array {
  const places = new Int32Array(radix + 1);
  for (let i = 0; i < digits.length; i++) {
    const after = (digits[i] ?? 0) + 1;
    places[after] = (places[after] ?? 0) + 1;
  }
  for (let digit = 1; digit <= radix; digit++)
    places[digit] = (places[digit] ?? 0) + (places[digit - 1] ?? 0);
  const sorted = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const item = order[i] ?? 0;
    const digit = digits[item] ?? 0;
    const place = places[digit] ?? 0;
    sorted[place] = item;
    places[digit] = place + 1;
  }
  return sorted;
}
