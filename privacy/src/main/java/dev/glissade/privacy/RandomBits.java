package dev.glissade.privacy;

/** A source of independent fair bits. */
@FunctionalInterface
interface RandomBits {

  /** The next 64 bits. */
  long next();
}
