/**
 * Checkpoints and other safetensors files: written as a whole, checked whole when they are read.
 */
module dev.glissade.checkpoint {
  requires com.fasterxml.jackson.core;
  requires transitive dev.glissade.core;
  requires static transitive org.jspecify;

  exports dev.glissade.checkpoint;
}
