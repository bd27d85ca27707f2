namespace Lanyard;

/// <summary>How a refit keeps a model whole.</summary>
public enum RefitMode
{
    /// <summary>
    /// Weights are written into shadow tensors and moved into place at <see cref="RefitSession.Commit()"/>. A failure or an abandoned
    /// session leaves the old weights, bit for bit; only where moving itself fails, as on a device that is lost, the model is torn. Costs
    /// the memory of what is refitted.
    /// </summary>
    Staged,

    /// <summary>
    /// Weights are written straight into live storage wherever the kernel layout is the model layout. A failure leaves the model torn:
    /// it refuses to run until a refit completes.
    /// </summary>
    InPlace,
}
