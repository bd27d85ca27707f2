using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Files are mapped or read: the weights are the same, and what is done to a file meanwhile is seen as far as it shows.</summary>
public sealed class CheckpointAccessTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-");
    private readonly DisposeScope _scope = NewDisposeScope();

    public enum Change
    {
        Shortened,
        Emptied,
        Lengthened,
        Touched,
        SetBack,
        Rewritten,
        Replaced,
        Deleted,
    }

    public void Dispose()
    {
        _scope.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Tensors that are read together, and such as are read in pieces; as they lie, turned and merged, whole and in part, widened and rounded.</summary>
    [Theory]
    [InlineData(6, 10, 12, 1, 1)]
    [InlineData(40, 600, 320, 1, 1)]
    [InlineData(40, 600, 320, 2, 1)]
    [InlineData(36, 1100, 640, 2, 2)]
    public void Both_ways_give_the_same_bits(int headDim, int hidden, int intermediate, int tensorRanks, int expertRanks)
    {
        var sizes = new TinySizes(1, 4, 2, headDim, hidden, 3, intermediate);
        foreach (var (stored, held) in new[] { (ScalarType.Float32, ScalarType.Float32), (ScalarType.BFloat16, ScalarType.Float32), (ScalarType.Float32, ScalarType.BFloat16), (ScalarType.Float16, ScalarType.Float16) })
        {
            using var scope = NewDisposeScope();
            var (first, second) = (TinyWeights.Fused(sizes, 1, stored), TinyWeights.PerExpert(TinyWeights.Fused(sizes, 2, stored)));
            using Checkpoint one = Stored("one", first), two = Stored("two", second);
            for (var rank = 0; rank < tensorRanks * expertRanks; rank++)
            {
                var topology = new Topology(rank % tensorRanks, tensorRanks, rank / tensorRanks, expertRanks);
                var bits = new List<Dictionary<string, byte[]>[]>();
                foreach (var access in new[] { CheckpointAccess.Map, CheckpointAccess.Read })
                {
                    using var model = new TinyModel(sizes, topology, held);
                    var options = new LoadOptions { Access = access, AllowNarrowing = true };
                    LoadPlan.Create(model, one, options).Execute();
                    var loaded = BitsOf(model);
                    using (var refit = model.BeginRefit(RefitMode.Staged, options: options))
                    {
                        refit.Write(two);
                        refit.Commit();
                    }
                    var staged = BitsOf(model);
                    LoadPlan.Create(model, one, options).Execute();
                    Assert.Equal(loaded, BitsOf(model));
                    bits.Add([loaded, staged]);
                }
                Assert.Equal(bits[0][0], bits[1][0]);
                Assert.Equal(bits[0][1], bits[1][1]);
                Assert.NotEqual(bits[0][0], bits[0][1]);
            }
        }
    }

    /// <summary>Whatever is done to a file before its first byte is read, or between two of its tensors: the new weights, whole, or an exception that names the file and the old ones.</summary>
    [Theory]
    [CombinatorialChanges]
    public void A_file_that_is_changed_meanwhile_is_refused_by_name_or_read_as_it_was(Change change, CheckpointAccess access, bool midway, bool byPlan)
    {
        // Tensors of a megabyte and more, so that the change comes between two of them.
        var sizes = new TinySizes(2, 4, 2, 40, 600, 3, 320);
        using var model = new TinyModel(sizes);
        using (var first = Stored("first", TinyWeights.Fused(sizes, 1))) LoadPlan.Create(model, first).Execute();
        using var expected = new TinyModel(sizes);
        var path = Path.Combine(_directory.FullName, "second.safetensors");
        using (var whole = Stored("second", TinyWeights.Fused(sizes, 2))) LoadPlan.Create(expected, whole).Execute();
        var (old, next) = (BitsOf(model), BitsOf(expected));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        using var checkpoint = Checkpoint.Open(path);
        var options = new LoadOptions { Access = access };
        var done = 0;
        void Act()
        {
            if (Interlocked.Exchange(ref done, 1) == 0) Apply(change, path);
        }

        var error = Record.Exception(() =>
        {
            if (!midway) Act();
            var progress = midway ? new Progress(Act) : null;
            if (byPlan)
            {
                LoadPlan.Create(model, checkpoint, options).Execute(progress, mode: RefitMode.Staged);
                return;
            }
            using var refit = model.BeginRefit(RefitMode.Staged, options: options);
            refit.Write(checkpoint, progress);
            refit.Commit();
        });

        Assert.Equal(1, done);
        if (change is Change.Replaced or Change.Deleted)
        {
            Assert.Null(error);
            Assert.Equal(next, BitsOf(model));
            return;
        }
        Assert.Contains(path, Assert.IsType<CheckpointException>(error).Message);
        Assert.Equal(ModelState.Loaded, model.Parameters.State);
        Assert.Equal(old, BitsOf(model));
    }

    /// <summary>A writer that begins anew within the tick of the clock in which it ended the last time, so that both files have one time.</summary>
    [Fact]
    public void A_file_that_was_written_just_before_it_was_opened_is_not_read_before_the_next_write_would_show()
    {
        var sizes = new TinySizes();
        using var model = new TinyModel(sizes);
        using (var first = Stored("first", TinyWeights.Fused(sizes, 1))) LoadPlan.Create(model, first).Execute();
        var old = BitsOf(model);
        var path = Path.Combine(_directory.FullName, "second.safetensors");
        Stored("second", TinyWeights.Fused(sizes, 2)).Dispose();
        var other = File.ReadAllBytes(path);
        var now = DateTime.UtcNow;
        File.SetLastWriteTimeUtc(path, now);
        using var checkpoint = Checkpoint.Open(path);

        // Another header of the same length, under the same time.
        var at = other.AsSpan().IndexOf("norm.weight"u8);
        "morn.weight"u8.CopyTo(other.AsSpan(at));
        Overwrite(path, other);
        File.SetLastWriteTimeUtc(path, now);
        using var refit = model.BeginRefit();

        Assert.Contains("its header is another one", Assert.Throws<CheckpointException>(() => refit.Write(checkpoint)).Message);
        Assert.Throws<ModelStateException>(() => refit.Commit());
        Assert.Equal(old, BitsOf(model));
    }

    [Fact]
    public void What_is_read_by_hand_or_proven_or_merged_is_looked_at_likewise()
    {
        var sizes = new TinySizes();
        using var model = new TinyModel(sizes);
        using (var first = Stored("first", TinyWeights.Fused(sizes, 1))) LoadPlan.Create(model, first).Execute();
        foreach (var change in new[] { Change.Shortened, Change.Rewritten })
        {
            using var checkpoint = Stored("second", TinyWeights.Fused(sizes, 1));
            var (asked, path) = (model.Checksums(), Path.Combine(_directory.FullName, "second.safetensors"));
            Assert.True(asked.Compare(WeightChecksums.Of(checkpoint, asked)).IsProof);
            using (var own = checkpoint.Read(checkpoint.Tensors["norm.weight"])) Assert.Equal(sizes.Hidden, own.numel());
            Thread.Sleep(20);
            Apply(change, path);
            Assert.Contains(path, Assert.Throws<CheckpointException>(() => WeightChecksums.Of(checkpoint, asked)).Message);
            Assert.Contains(path, Assert.Throws<CheckpointException>(() => checkpoint.Read(checkpoint.Tensors["norm.weight"])).Message);
            Assert.Contains(path, Assert.Throws<CheckpointException>(() => checkpoint.Read(checkpoint.Tensors["norm.weight"], 0, new byte[4])).Message);
        }
    }

    [Fact]
    public void Parameters_that_are_to_be_files_are_not_read()
    {
        using var model = new TinyModel(new TinySizes());
        using var checkpoint = Stored("one", TinyWeights.Fused(new TinySizes(), 1));
        var options = new LoadOptions { Mode = LoadMode.Map, Access = CheckpointAccess.Read };

        Assert.Contains("choose one", Assert.Throws<ArgumentException>(() => LoadPlan.Create(model, checkpoint, options)).Message);
        Assert.Contains("choose one", Assert.Throws<ArgumentException>(() => model.BeginRefit(options: options)).Message);
        Assert.InRange(LoadPlan.Create(model, checkpoint, options with { Access = null }).Execute().MappedBytes, 1, long.MaxValue);
        Assert.Equal(0, LoadPlan.Create(model, checkpoint, options with { Access = null }).Execute().MappedBytes);
    }

    private static void Apply(Change change, string path)
    {
        var bytes = File.ReadAllBytes(path);
        switch (change)
        {
            case Change.Shortened: Overwrite(path, bytes[..^1]); break;
            case Change.Emptied: Overwrite(path, []); break;
            case Change.Lengthened: Overwrite(path, [.. bytes, 0]); break;
            case Change.Touched: File.SetLastWriteTimeUtc(path, DateTime.UtcNow); break;
            case Change.SetBack: File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-1)); break;
            case Change.Rewritten: Overwrite(path, bytes); break;
            case Change.Replaced:
                File.WriteAllBytes(path + ".new", new byte[bytes.Length]);
                File.Move(path + ".new", path, overwrite: true);
                break;
            default: File.Delete(path); break;
        }
    }

    private static void Overwrite(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(bytes.Length);
        file.Write(bytes);
    }

    private static Dictionary<string, byte[]> BitsOf(TinyModel model) => model.AllParameters().ToDictionary(item => item.Name, item =>
    {
        using var contiguous = item.Parameter.Value.contiguous();
        return contiguous.bytes.ToArray();
    });

    private Checkpoint Stored(string name, Dictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(_directory.FullName, $"{name}.safetensors");
        CheckpointWriter.Write(path, tensors.Select(tensor => (tensor.Key, tensor.Value)));
        return Checkpoint.Open(path);
    }

    private sealed class Progress(Action act) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => act();
    }

    /// <summary>All of it, but for what ends the process: a mapped file that is cut short.</summary>
    private sealed class CombinatorialChangesAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) =>
            from change in Enum.GetValues<Change>()
            from access in Enum.GetValues<CheckpointAccess>()
            from midway in new[] { false, true }
            from byPlan in new[] { false, true }
            where access == CheckpointAccess.Read || !midway || change is not (Change.Shortened or Change.Emptied)
            select new object[] { change, access, midway, byPlan };
    }
}
