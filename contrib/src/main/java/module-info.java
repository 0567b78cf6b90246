/** Optimizers of single papers: COCOB, D-Adaptation, Prodigy, Mechanic, SAM, DP-SGD. */
module dev.glissade.contrib {
  requires transitive dev.glissade.core;
  requires static dev.glissade.withers;
  requires static transitive org.jspecify;

  exports dev.glissade.contrib;

  provides dev.glissade.catalog.CatalogProvider with
      dev.glissade.contrib.ContribEntries;
}
