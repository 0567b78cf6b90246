package dev.glissade.privacy.accounting;

/**
 * States the smaller figure of {@link RenyiAccountant} and {@link LossDistributionAccountant}. Both
 * hold, so the smaller one does. Its guarantees name the accountant that computed them.
 */
public final class TightestAccountant implements Accountant {
  private final RenyiAccountant renyi = new RenyiAccountant();
  private final LossDistributionAccountant loss = new LossDistributionAccountant();

  /** Creates an accountant without steps. */
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

  /** {@inheritDoc} Tries Renyi orders first, which takes milliseconds. */
  @Override
  public boolean keeps(double epsilon, double delta) {
    return renyi.epsilon(delta).epsilon() <= epsilon || loss.epsilon(delta).epsilon() <= epsilon;
  }
}
