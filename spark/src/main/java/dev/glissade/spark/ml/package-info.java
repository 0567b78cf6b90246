/**
 * Estimators for DataFrames in the style of spark.ml: {@link
 * dev.glissade.spark.ml.GlissadeClassifier} and {@link dev.glissade.spark.ml.GlissadeRegressor}.
 */
@NullMarked
package dev.glissade.spark.ml;

import org.jspecify.annotations.NullMarked;
