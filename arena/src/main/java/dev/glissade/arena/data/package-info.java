/**
 * Examples with class labels: tables (CSV) and images (IDX), split into train and test and scaled.
 *
 * <p>{@link dev.glissade.arena.data.Datasets} reads them. It refuses bad data with a {@link
 * dev.glissade.arena.data.DataException}, whose message names the file, the rule and the value.
 */
@NullMarked
package dev.glissade.arena.data;

import org.jspecify.annotations.NullMarked;
