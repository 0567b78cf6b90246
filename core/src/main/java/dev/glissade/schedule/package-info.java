/**
 * Schedules: hyperparameters as functions of the step count. Each is a record that holds its
 * arguments and nothing else, so that it compares, prints and travels as data; {@link
 * dev.glissade.schedule.Schedules} is the index of them.
 */
@NullMarked
package dev.glissade.schedule;

import org.jspecify.annotations.NullMarked;
