package dev.glissade.arena.data;

/** The train and the test part, both scaled with the statistics of the train part. */
public record Split(Dataset train, Dataset test) {}
