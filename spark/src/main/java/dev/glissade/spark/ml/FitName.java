package dev.glissade.spark.ml;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Names the folder of a fit's checkpoints, so that only the same fit continues from them. */
final class FitName {
  private static final int LENGTH = 16;

  private FitName() {}

  /** Returns a name that depends on the data and all params that change the steps. */
  static String of(GlissadeParams params, DataSummary summary, int stepsOfPass) {
    List<Object> all = new ArrayList<>();
    all.add(params.getOptimizer());
    all.add(params.isDefined(params.learningRate()) ? params.getLearningRate() : "");
    all.add(params.getSchedule());
    all.add(Arrays.toString(params.getHidden()));
    all.add(params.getActivation());
    all.add(params.getStandardization());
    all.add(params.getSeed());
    all.add(params.getMaxIter());
    all.add(stepsOfPass);
    all.add(Arrays.toString(summary.rows()));
    all.add(summary.weight());
    all.add(summary.largest());
    all.add(summary.label().mean(0));
    all.add(summary.label().deviation(0));
    for (int i = 0; i < summary.width(); i++) {
      all.add(summary.features().mean(i));
      all.add(summary.features().deviation(i));
    }
    if (params instanceof GlissadeRegressor regressor) {
      all.add(regressor.getLoss());
      all.add(regressor.getHuberDelta());
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return "fit-" + HexFormat.of().formatHex(hash).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
