package dev.glissade.arena.train;

import dev.glissade.arena.model.Model;
import dev.glissade.arena.report.Run;
import java.util.Map;

/**
 * What came out of a run.
 *
 * @param params the parameters at its end, by path
 */
public record Trained(Run run, Model model, Map<String, float[]> params) {}
