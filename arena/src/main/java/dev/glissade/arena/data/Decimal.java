package dev.glissade.arena.data;

import java.util.Optional;

/**
 * An exact decimal number of any size: 0.digits times 10^exponent. Parsing takes one pass over the
 * text, so neither many digits nor a large exponent cost extra time or memory.
 *
 * @param sign -1, 0 or 1
 * @param digits without zeros at either end; empty for 0
 */
record Decimal(int sign, String digits, long exponent) implements Comparable<Decimal> {
  private static final Decimal ZERO = new Decimal(0, "", 0);
  private static final long LARGEST_EXPONENT = 1_000_000_000_000_000L;

  /** Parses a number; returns empty for other text and for exponents beyond 10^15. */
  static Optional<Decimal> of(String field) {
    if (Field.number(field).isEmpty()) {
      return Optional.empty();
    }
    int e = Math.max(field.indexOf('e'), field.indexOf('E'));
    String mantissa = e < 0 ? field : field.substring(0, e);
    boolean signed = mantissa.startsWith("-") || mantissa.startsWith("+");
    String unsigned = signed ? mantissa.substring(1) : mantissa;
    int point = unsigned.indexOf('.');
    int whole = point < 0 ? unsigned.length() : point;
    String digits = unsigned.replace(".", "");
    int begin = 0;
    while (begin < digits.length() && digits.charAt(begin) == '0') {
      begin++;
    }
    int end = digits.length();
    while (end > begin && digits.charAt(end - 1) == '0') {
      end--;
    }
    if (begin == end) {
      return Optional.of(ZERO);
    }
    long shift;
    try {
      shift = e < 0 ? 0 : Long.parseLong(field.substring(e + 1));
    } catch (NumberFormatException beyond) {
      return Optional.empty();
    }
    return Math.abs(shift) > LARGEST_EXPONENT
        ? Optional.empty()
        : Optional.of(
            new Decimal(
                mantissa.startsWith("-") ? -1 : 1,
                digits.substring(begin, end),
                shift + whole - begin));
  }

  @Override
  public int compareTo(Decimal other) {
    if (sign != other.sign) {
      return Integer.compare(sign, other.sign);
    }
    int size = Long.compare(exponent, other.exponent);
    return sign * (size != 0 ? size : digits.compareTo(other.digits));
  }
}
