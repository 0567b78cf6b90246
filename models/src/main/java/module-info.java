/** Losses and models on arrays, with their gradients. */
module dev.glissade.models {
  requires transitive dev.glissade.core;
  requires transitive dev.glissade.matrix;
  requires static dev.glissade.withers;
  requires static transitive org.jspecify;

  exports dev.glissade.models;
}
