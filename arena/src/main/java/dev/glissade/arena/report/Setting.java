package dev.glissade.arena.report;

import java.time.Instant;

/**
 * What all runs of a report have in common.
 *
 * @param data the name of the data set
 * @param trainExamples the number of train examples
 * @param testExamples the number of test examples
 * @param model the model's description
 * @param schedule the learning rate schedule's name
 * @param seed the first seed
 * @param seeds the number of seeds asked for
 * @param labelNoise the share of wrong train labels
 * @param startedAt the time at which the first run began
 * @param command the command that made the report
 * @param stopped whether the user stopped it before all runs were complete
 */
public record Setting(
    String data,
    int trainExamples,
    int testExamples,
    int features,
    int classes,
    String model,
    int epochs,
    int batch,
    long seed,
    int seeds,
    String schedule,
    double labelNoise,
    int threads,
    Instant startedAt,
    String command,
    boolean stopped) {}
