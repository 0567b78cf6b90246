/** Steps the parameters of models where their frameworks keep them. */
module dev.glissade.host {
  requires transitive dev.glissade.checkpoint;
  requires transitive dev.glissade.core;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.glissade.host;
}
