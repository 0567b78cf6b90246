package dev.glissade.arena.train;

import dev.glissade.Tree;
import dev.glissade.arena.report.Run;
import dev.glissade.models.Mlp;

/**
 * The result of a run: its figures and the trained model.
 *
 * @param params the final parameters by path
 */
public record TrainedModel(Run run, Mlp model, Tree params) {}
