/**
 * Trees of parameters, gradient transformations and the engine that runs them.
 *
 * <p>The library reads state records by reflection. Unless a record is public in an exported
 * package, its module must open the package: {@code opens com.acme to dev.glissade.core;}.
 */
module dev.glissade.core {
  requires org.objectweb.asm;
  requires static dev.glissade.withers;
  requires static transitive org.jspecify;

  exports dev.glissade;
  exports dev.glissade.algebra;
  exports dev.glissade.catalog;
  exports dev.glissade.combine;
  exports dev.glissade.optimizer;
  exports dev.glissade.projection;
  exports dev.glissade.random;
  exports dev.glissade.schedule;
  exports dev.glissade.transform;
  exports dev.glissade.records;

  uses dev.glissade.algebra.MatrixDecomposer;
  uses dev.glissade.algebra.MatrixMultiplier;
  uses dev.glissade.catalog.CatalogProvider;
}
