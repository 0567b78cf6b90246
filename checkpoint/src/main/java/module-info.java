/** Checkpoints and other safetensors files, which are replaced atomically and checked when read. */
module dev.glissade.checkpoint {
  requires com.fasterxml.jackson.core;
  requires transitive dev.glissade.core;
  requires static transitive org.jspecify;

  exports dev.glissade.checkpoint;
}
