using static TorchSharp.torch;

namespace Lanyard.Lora;

/// <summary>A weight of the base that an adapter was added to.</summary>
/// <param name="Weight">Which one.</param>
/// <param name="Kept">The rank's slice of what it was before, in main memory; null where the checkpoint of the base has it.</param>
/// <param name="IsMerged">Whether it is another than that of the base.</param>
internal sealed record MergedWeight(LoraTarget Weight, Tensor? Kept, bool IsMerged) : IDisposable
{
    /// <summary>The digest of the rank's slice of what it is now, as it was loaded; null where post-load leaves nothing of that.</summary>
    public UInt128? Digest { get; set; }

    /// <summary>The generation of the module when it was merged.</summary>
    public long Generation { get; set; }

    public void Dispose() => Kept?.Dispose();
}
