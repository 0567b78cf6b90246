package dev.glissade.testing;

import static dev.glissade.testing.CoreOptimizers.chain;
import static dev.glissade.testing.CoreOptimizers.named;
import static dev.glissade.testing.CoreOptimizers.with;

import java.util.List;
import java.util.Map;

/** What has numbers for each leaf, or for each row and column. */
final class LayerwiseOptimizers {
  private LayerwiseOptimizers() {}

  static void add(Map<String, Map<String, Object>> all) {
    Map<String, Object> down = with("scale", "step_size", -0.05);
    all.put("lamb", named("lamb", Map.of("learning_rate", 0.05, "weight_decay", 0.01)));
    all.put("lars", with("lars", "learning_rate", CoreOptimizers.WARM_UP));
    all.put(
        "lars masked",
        named(
            "lars",
            Map.of(
                "learning_rate", 1.0, "trust_ratio_mask", List.of("*kernel"), "nesterov", true)));
    all.put("fromage", with("fromage", "learning_rate", 0.01));
    all.put("novograd", named("novograd", Map.of("learning_rate", 0.01, "weight_decay", 0.001)));
    all.put("sm3", with("sm3", "learning_rate", 0.05));
    all.put("sm3 decaying", chain(with("scale_by_sm3", "b2", 0.9), down));
    all.put("adafactor", with("adafactor", "learning_rate", 0.05));
    all.put(
        "adafactor factored",
        named(
            "adafactor",
            Map.of(
                "learning_rate",
                0.05,
                "min_dim_size_to_factor",
                2,
                "momentum",
                0.9,
                "weight_decay_rate",
                0.001)));
    all.put(
        "scale_by_factored_rms",
        chain(with("scale_by_factored_rms", "min_dim_size_to_factor", 2), down));
    all.put("scale_by_novograd", chain(named("scale_by_novograd", Map.of()), down));
    all.put("scale_by_trust_ratio", chain(named("scale_by_trust_ratio", Map.of()), down));
    all.put(
        "scale_by_param_block_norm",
        chain(named("scale_by_param_block_norm", Map.of()), with("scale", "step_size", -0.001)));
    all.put("scale_by_param_block_rms", chain(named("scale_by_param_block_rms", Map.of()), down));
    all.put(
        "scale_by_distance_over_gradients",
        with("scale_by_distance_over_gradients", "global_scale", -1.0));
    all.put("clip_by_block_rms", chain(with("clip_by_block_rms", "threshold", 0.5), down));
    all.put("adaptive_grad_clip", chain(with("adaptive_grad_clip", "clipping", 0.1), down));
    all.put(
        "adaptive_grad_clip of PyTorch's weights",
        chain(named("adaptive_grad_clip", Map.of("clipping", 0.1, "layout", "out_in")), down));
    all.put("centralize", chain(named("centralize", Map.of()), down));
  }
}
