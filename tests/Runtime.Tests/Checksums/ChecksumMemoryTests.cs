using Lanyard.Layouts;
using Lanyard.Tests.Refit;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>What the process holds while checksums are computed. It runs alone, since other tests allocate too.</summary>
[Collection(nameof(MemoryTests.Alone))]
public sealed class ChecksumMemoryTests
{
    [LinuxFact("It reads the peak of resident memory in /proc/self/status.")]
    public void A_transposed_parameter_is_never_copied_whole()
    {
        using var scope = NewDisposeScope();
        const long Rows = 4096, Columns = 8192, Bytes = Rows * Columns * sizeof(float);
        var module = new MappedModule("columns rows", [new LayoutSource("w", "rows columns")], [new Axis("rows", Rows), new Axis("columns", Columns)]);
        var tensor = torch.randn(Rows, Columns);
        using (var refit = module.BeginRefit(RefitMode.InPlace))
        {
            refit.Write("w", tensor);
            refit.Commit();
        }
        void Compute()
        {
            var held = module.Checksums();
            held.Compare(WeightChecksums.Of([("w", tensor)], held)).ThrowUnlessProven();
        }

        Compute();
        var grown = PeakMemory.Of(Compute);
        Assert.True(grown < Bytes / 8, $"the process grew by {grown:N0} bytes");
        module.Parameters[0].Value.Dispose();
    }
}
