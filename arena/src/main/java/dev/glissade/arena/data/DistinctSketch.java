package dev.glissade.arena.data;

import java.util.TreeSet;

/**
 * Estimates the number of different texts among many within about 3 %, from the 1,024 smallest of
 * their hashes (Bar-Yossef et al. 2002).
 */
final class DistinctSketch {
  private static final int KEPT = 1024;

  private final TreeSet<Long> smallest = new TreeSet<>(Long::compareUnsigned);

  void add(String text) {
    long hash = mix(text);
    if (smallest.size() < KEPT) {
      smallest.add(hash);
    } else if (Long.compareUnsigned(hash, smallest.last()) < 0 && smallest.add(hash)) {
      smallest.pollLast();
    }
  }

  double estimate() {
    if (smallest.size() < KEPT) {
      return smallest.size();
    }
    double fraction = (smallest.last() >>> 11) * 0x1p-53;
    return (KEPT - 1) / fraction;
  }

  /** Returns 64 well mixed bits: FNV-1a over the characters, then the mix of SplitMix64. */
  private static long mix(String text) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
