/** Steps the models of Tribuo's trainers with Glissade's optimizers. */
module dev.glissade.tribuo {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.jr.ob;
  requires transitive com.oracle.labs.mlrg.olcut;
  requires transitive dev.glissade.checkpoint;
  requires transitive dev.glissade.core;
  requires transitive org.tribuo.math;
  requires dev.glissade.host;
  requires static transitive org.jspecify;

  exports dev.glissade.tribuo;

  // OLCUT sets the fields of a configured object, and reads them for its provenance.
  opens dev.glissade.tribuo to
      com.oracle.labs.mlrg.olcut;
}
