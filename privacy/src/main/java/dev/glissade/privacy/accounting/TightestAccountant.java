package dev.glissade.privacy.accounting;

/**
 * States the smaller of what {@link RenyiAccountant} and {@link LossDistributionAccountant} state;
 * both hold, so the smaller one does. Its guarantees name the accountant that gave them.
 */
public final class TightestAccountant implements Accountant {
  private final RenyiAccountant renyi = new RenyiAccountant();
  private final LossDistributionAccountant loss = new LossDistributionAccountant();

  /** Makes an accountant that has no steps yet. */
  public TightestAccountant() {}

  @Override
  public void add(GaussianSteps steps) {
    renyi.add(steps);
    loss.add(steps);
  }

  @Override
  public Guarantee epsilon(double delta) {
    Guarantee byRenyi = renyi.epsilon(delta);
    Guarantee byLoss = loss.epsilon(delta);
    return byLoss.epsilon() <= byRenyi.epsilon() ? byLoss : byRenyi;
  }

  @Override
  public double delta(double epsilon) {
    return Math.min(renyi.delta(epsilon), loss.delta(epsilon));
  }

  /** Looks at Renyi orders first, which takes milliseconds. */
  @Override
  public boolean keeps(double epsilon, double delta) {
    return renyi.epsilon(delta).epsilon() <= epsilon || loss.epsilon(delta).epsilon() <= epsilon;
  }
}
