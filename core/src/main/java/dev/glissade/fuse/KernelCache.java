package dev.glissade.fuse;

/** Makes kernels of tapes. */
@FunctionalInterface
interface KernelCache {
  Kernel kernel(Tape tape);
}
