/**
 * Data-parallel training on Apache Spark, by any optimizer: {@link
 * dev.glissade.spark.SparkTraining}.
 */
@NullMarked
package dev.glissade.spark;

import org.jspecify.annotations.NullMarked;
