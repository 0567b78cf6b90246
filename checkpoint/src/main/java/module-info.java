/** Checkpoints and other safetensors files, which are replaced atomically and checked when read. */
@SuppressWarnings("module") // the adapter to Tribuo is compiled later
module dev.glissade.checkpoint {
  requires com.fasterxml.jackson.core;
  requires transitive dev.glissade.core;
  requires static transitive org.jspecify;

  exports dev.glissade.checkpoint;
  exports dev.glissade.checkpoint.json to
      dev.glissade.tribuo;
}
