/**
 * Schedules: hyperparameters as functions of the step count. Each is a record that holds its
 * arguments and nothing else, so it can be compared, printed, and written and read as data. {@link
 * dev.glissade.schedule.Schedules} is the index.
 */
@NullMarked
package dev.glissade.schedule;

import org.jspecify.annotations.NullMarked;
