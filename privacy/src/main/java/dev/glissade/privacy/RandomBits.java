package dev.glissade.privacy;

/** A source of independent fair bits. */
@FunctionalInterface
interface RandomBits {

  /** Returns the next 64 bits. */
  long next();
}
