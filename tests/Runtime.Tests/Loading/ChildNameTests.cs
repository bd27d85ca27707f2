using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Named;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Children that have names of their own in the checkpoints of a format.</summary>
public sealed class ChildNameTests : IDisposable
{
    private static readonly string[] Places =
    [
        "model.layers.0.ffn.", "model.layers.0.norm.", "model.layers.1.ffn.", "model.layers.1.norm.", "bare.0.", "keyed.a.", "between.inner.", "plain.",
    ];

    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    public static TheoryData<string, string[]> Formats => new()
    {
        { "", [.. Places.Select(place => place + "weight")] },
        { "flat", ["blk.0.ffn.weight", "blk.0.weight", "blk.1.moe.weight", "blk.1.weight", "0.weight", "k.a.weight", "b.c.inner.weight", "plain.weight"] },
        { "scaled", [.. Places.Select(place => place.Replace("model.layers", "l", StringComparison.Ordinal) + "values")] },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_is_read_and_written_under_its_own_names(string format, string[] names)
    {
        var options = new LoadOptions { Format = format };
        var checkpoint = _files.Stored(Weights(names, format == "scaled"));
        for (var rank = -1; rank < 2; rank++)
        {
            var topology = rank < 0 ? null : new Topology(rank, 2);
            using NamedTree model = new(topology), again = new(topology);
            LoadPlan.Create(model, checkpoint, options).Execute();

            Assert.Equal(Places.Select(place => place + "weight"), model.AllParameters().Select(item => item.Name));
            var first = Math.Max(rank, 0) * 2;
            foreach (var (position, (_, parameter)) in model.AllParameters().Index()) Bits.Are(parameter.Value, index => Value(position, first + index[0], index[1]));

            using var refit = again.BeginRefit(RefitMode.Staged, options: options);
            refit.Write(checkpoint);
            refit.Commit();
            Assert.Equal(Bits.Of(model), Bits.Of(again));

            if (format == "scaled") continue;
            var asked = model.Checksums(format);
            if (rank < 0) Assert.True(asked.Compare(WeightChecksums.Of(checkpoint, asked)).IsProof);
            var folder = Directory.CreateTempSubdirectory("lanyard-");
            model.Export(folder.FullName, new ExportOptions { Format = format });
            using (var exported = Checkpoint.Open(folder.FullName)) Assert.Equal(names.Order(), exported.Tensors.Keys.Order());
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_is_missing_has_its_name_in_the_format()
    {
        using var model = new NamedTree();
        var names = Formats.Select(row => (Format: (string)row[0], Names: (string[])row[1])).First(row => row.Format == "scaled").Names;

        var problem = Assert.Single(_files.Refused(model, Weights(names, isScaled: true).Where(item => item.Key != "l.1.ffn.scale")));

        Assert.Equal((LoadProblemKind.Missing, "l.1.ffn.scale", "model.layers.1.ffn.weight"), (problem.Kind, problem.Tensor, problem.Parameter));
    }

    [Fact]
    public void Two_modules_with_one_name_in_a_format_are_refused()
    {
        using var model = new Colliding();

        var message = Assert.Throws<InvalidOperationException>(() => model.BeginRefit(RefitMode.Staged)).Message;

        Assert.Equal("NamedLeaf.Weight (second.weight) cannot be laid out: weight, of format \"flat\", fills NamedLeaf.Weight (first.weight) already: two modules have one name there. Give one of them another with [CheckpointName].", message);
    }

    private static float Value(int position, long row, long column) => (position + 1) * ((row * 10) + column);

    private static IEnumerable<KeyValuePair<string, Tensor>> Weights(string[] names, bool isScaled)
    {
        foreach (var (position, name) in names.Index())
        {
            var values = from row in Enumerable.Range(0, 4) from column in Enumerable.Range(0, 2) select Value(isScaled ? 0 : position, row, column);
            yield return KeyValuePair.Create(name, tensor(values.ToArray(), isScaled ? ScalarType.Int8 : ScalarType.Float32).view(4, 2));
            if (isScaled) yield return KeyValuePair.Create(name.Replace("values", "scale", StringComparison.Ordinal), tensor(position + 1f));
        }
    }
}
