using System.Security.Cryptography;
using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Tests.Collections;
using Lanyard.Tests.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Lanyard.Tests.Numbers;

/// <summary>
/// A tensor that the caller makes for one call, and holds nowhere, is held until the call is over: of <c>refit.Write(name, x.t())</c> a
/// collection would free it while it is read. All are views of other strides, so that reading them takes a copy.
/// </summary>
[Collection(nameof(CollectionTests))]
public sealed class HeldTensorTests : IDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly TensorFiles _files = new();
    private readonly Tensor _values;
    private readonly WideLayer _layer = new();

    public HeldTensorTests(ITestOutputHelper output)
    {
        _output = output;
        manual_seed(1);
        _values = randn(WideLayer.Rows, WideLayer.Columns);
        _files.Load(_layer, new Dictionary<string, Tensor> { ["weight"] = _values });
    }

    public void Dispose()
    {
        _layer.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_write_holds_it(RefitMode mode) => Check(() => Refit(mode, refit => refit.Write("weight", Turned())));

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_write_of_a_chunk_holds_it(RefitMode mode) => Check(() => Refit(mode, refit =>
    {
        for (var row = 0; row < WideLayer.Rows; row += WideLayer.Rows / 2) refit.Write("weight", Turned(row, WideLayer.Rows / 2), [row, 0]);
    }));

    [Fact]
    public void A_write_of_many_holds_them() => Check(() => Refit(RefitMode.Staged, refit => refit.Write([("weight", Turned())])));

    [Fact]
    public void A_write_of_many_that_are_made_one_by_one_holds_each() => Check(() => Refit(RefitMode.Staged, refit => refit.Write(OneByOne())));

    [Fact]
    public void A_write_of_a_slice_holds_it() => Check(() => Refit(RefitMode.Staged, refit => refit.WriteSlice("weight", Turned())));

    [Fact]
    public void A_patch_holds_them() => Check(() => Refit(RefitMode.InPlace, refit => refit.Patch("weight", Lanyard.Numbers.Range(0, 1000), First(1000)), RefitScope.Subset));

    [Fact]
    public void The_load_of_a_parameter_holds_it() => Check(() =>
    {
        _layer.Parameters.Weight.Load("weight", Turned());
        return Digest(_layer.Weight);
    });

    [Fact]
    public void Checksums_hold_each()
    {
        var held = _layer.Checksums();
        Check(() => new Dictionary<string, byte[]> { ["sums"] = Encoding.UTF8.GetBytes(string.Join(' ', WeightChecksums.Of(OneByOne(), held).Slots.Select(slot => $"{slot.Hash}"))) });
    }

    [Fact]
    public void A_written_checkpoint_holds_each()
    {
        var folder = Directory.CreateTempSubdirectory("lanyard-given-");
        Check(() =>
        {
            var path = Path.Combine(folder.FullName, "given.safetensors");
            CheckpointWriter.Write(path, OneByOne());
            return new Dictionary<string, byte[]> { ["file"] = SHA256.HashData(File.ReadAllBytes(path)) };
        });
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_product_holds_it() => Check(() =>
    {
        using var product = _layer.Parameters.Weight.Linear(Turned());
        return Digest(product);
    });

    [Fact]
    public void Sums_of_ranks_hold_what_each_gives() =>
        Check(() => InProcessRanks.Run(2, 1, (topology, ranks) =>
        {
            using var sum = ranks.AllReduce(Turned(), RankGroup.Tensor);
            return (Rank: $"{topology.TensorRank}", Digest: SHA256.HashData(Bits.Of(sum)));
        }).ToDictionary(item => item.Rank, item => item.Digest));

    [Theory]
    [InlineData("+ tensor")]
    [InlineData("+ 2")]
    [InlineData("- 0.5")]
    [InlineData("* 2")]
    [InlineData("/ 2")]
    [InlineData("> 0")]
    [InlineData("masked")]
    public void Numbers_hold_it(string operation) => Check(() =>
    {
        using var result = operation switch
        {
            "+ tensor" => Turned().Plus(Turned()),
            "+ 2" => Turned().Plus(2),
            "- 0.5" => Turned().Minus(0.5),
            "* 2" => Turned().Times(2),
            "/ 2" => Turned().Over(2),
            "> 0" => Turned().GreaterThan(0),
            _ => Turned().FilledWhere(Turned().LessThan(0), 7),
        };
        return Digest(result);
    });

    [Fact]
    public void A_number_that_is_read_holds_it() => Check(() =>
    {
        var sum = 0.0;
        for (var i = 0; i < 200; i++) sum += _values[i, 3].ReadDouble();
        return new Dictionary<string, byte[]> { ["sum"] = BitConverter.GetBytes(sum) };
    });

    private void Check(Func<IReadOnlyDictionary<string, byte[]>> work) => ForcedCollections.FreeNothingGiven(work, _output);

    private Dictionary<string, byte[]> Refit(RefitMode mode, Action<RefitSession> write, RefitScope scope = RefitScope.Whole)
    {
        using var refit = _layer.BeginRefit(mode, scope);
        write(refit);
        refit.Commit();
        return Digest(_layer.Weight);
    }

    private static Dictionary<string, byte[]> Digest(Tensor value) => new() { ["values"] = SHA256.HashData(Bits.Of(value)) };

    private IEnumerable<(string Name, Tensor Value)> OneByOne()
    {
        yield return ("weight", Turned());
    }

    /// <summary>Rows in memory that nobody else has, one column after another; no variable holds the tensor.</summary>
    private Tensor Turned(int row = 0, int count = WideLayer.Rows)
    {
        using Tensor rows = _values.narrow(0, row, count), turned = rows.t(), copy = turned.contiguous();
        return copy.t();
    }

    private Tensor First(long count)
    {
        using var flat = _values.view(-1);
        return flat.narrow(0, 0, count);
    }
}
