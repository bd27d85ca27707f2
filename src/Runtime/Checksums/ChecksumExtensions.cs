using Lanyard.Checksums;
using Lanyard.Index;

namespace Lanyard;

/// <summary>Checksums of what a live model holds.</summary>
public static class ChecksumExtensions
{
    /// <summary>
    /// The checksum of every slot of a loaded module and of everything below it, computed from the live values, whatever layout they are
    /// in. What post-load made of a parameter is undone as for an export, and put back; where that cannot be done, the slots have a reason
    /// instead of a hash. Names are those below the module.
    /// </summary>
    /// <remarks>
    /// The module is not changed, and passes go on; where an undo assigns a field, readers wait while it runs. A refit cannot begin meanwhile. Beside what the undo of one module makes, the memory is a copy of one parameter at most, where one is not
    /// contiguous, and a few megabytes.
    /// </remarks>
    /// <param name="model">The module.</param>
    /// <param name="format">
    /// The format whose tensors are listed for each parameter that has one of this name; the others are listed in the first that they
    /// declare. The empty string is the sources without a format. Null: the first of each.
    /// </param>
    /// <exception cref="ModelStateException">The model was never loaded, is torn, or is being loaded, refitted or exported.</exception>
    /// <exception cref="ArgumentException">No parameter has the format.</exception>
    public static WeightChecksums Checksums(this IParameterModule model, string? format = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new HeldChecksums(ModelIndex.Of(model.Parameters), format).Compute();
    }
}
