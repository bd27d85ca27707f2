using System.Globalization;
using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Counts the pages of a checkpoint that a load has mapped.</summary>
public sealed class ResidencyTests : IDisposable
{
    // A fault maps what is in the page cache around it, 64 KiB by default; a run of bytes has two ends.
    private const long SlackOfRun = 2 * 65536;

    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [LinuxFact("It counts resident pages in /proc/self/smaps.")]
    public void A_rank_touches_its_own_bytes_alone()
    {
        using var whole = new SlicedModel(Topology.Single);
        var tensors = new Dictionary<string, Tensor>
        {
            ["rows"] = torch.randn(whole.Out, whole.In),
            ["columns"] = torch.randn(whole.Hidden, whole.Wide),
            ["quantised"] = torch.randint(-127, 127, [whole.Hidden, whole.Wider], dtype: ScalarType.Int8),
            ["quantised_scale"] = torch.ones(whole.Hidden),
        };
        for (var i = 0; i < whole.Experts; i++) tensors[$"experts.{i}"] = torch.randn(whole.Hidden, whole.Wide);

        const int Ranks = 4;
        for (var rank = 0; rank < Ranks; rank++)
        {
            using var model = new SlicedModel(new Topology(rank, Ranks, rank, Ranks));
            using var checkpoint = Checkpoint.Open(InSmallPages(_files.Stored(tensors).Path));
            var plan = LoadPlan.Create(model, checkpoint);
            Assert.Equal(0, Resident(checkpoint));
            var progress = new Peak(() => Resident(checkpoint));
            plan.Execute(progress);

            // Of every matrix a quarter, of the experts a quarter of a quarter; each row of a share of columns is a run, and each expert's.
            var own = (tensors["rows"].numel() + tensors["columns"].numel() + (whole.Experts * tensors["columns"].numel() / Ranks)) * sizeof(float) / Ranks;
            own += tensors["quantised"].numel() / Ranks;
            var runs = 1 + whole.Hidden + whole.Hidden + (whole.Experts / Ranks * whole.Hidden) + 1;
            var resident = progress.Bytes;
            Assert.InRange(resident, own, own + (runs * SlackOfRun));
            Assert.True(own + (runs * SlackOfRun) < checkpoint.TotalBytes / 4, "the bound says nothing");
            Assert.Equal(Bits.Of(tensors["columns"].chunk(Ranks, 1)[rank]), Bits.Of(model.Columns));
            Assert.Equal(Bits.Of(tensors["quantised"].chunk(Ranks, 1)[rank].to_type(ScalarType.Float32)), Bits.Of(model.Quantised));
        }
    }

    /// <summary>A copy that is written by 4 KiB: what is written at once may lie in pages of 2 MiB, which a fault maps whole.</summary>
    private static string InSmallPages(string path)
    {
        var copy = path + ".copy";
        using var file = File.OpenHandle(copy, FileMode.CreateNew, FileAccess.Write);
        var offset = 0L;
        foreach (var page in File.ReadAllBytes(path).Chunk(4096))
        {
            RandomAccess.Write(file, page, offset);
            offset += page.Length;
        }
        return copy;
    }

    /// <summary>The resident bytes of all mappings of a checkpoint's file.</summary>
    private static long Resident(Checkpoint checkpoint)
    {
        var (resident, ours) = (0L, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains(' ', StringComparison.Ordinal) && !line.Split(' ')[0].EndsWith(':')) ours = line.EndsWith(checkpoint.Path, StringComparison.Ordinal);
            else if (ours && line.StartsWith("Rss:", StringComparison.Ordinal)) resident += 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        return resident;
    }

    /// <summary>The most bytes that were resident after a tensor was written: the load's own mappings go with its end.</summary>
    private sealed class Peak(Func<long> resident) : IProgress<LoadProgress>
    {
        private readonly Lock _lock = new();

        public long Bytes { get; private set; }

        public void Report(LoadProgress value)
        {
            lock (_lock) Bytes = Math.Max(Bytes, resident());
        }
    }
}
