using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Some axes are divided, others are read by them: a group by a run of heads, a key by a run of queries. Every row holds its own number.</summary>
public sealed class GroupsThatDoNotDivideTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-groups-");
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int, int, int, int, string> Rows => new()
    {
        { 32, 8, 32, 5, "5 37 65 73 85" },
        { 15, 3, 5, 0, "0 1 2 15 16 17 30 33 36 37 38" },
        { 15, 3, 5, 1, "3 4 5 18 19 20 30 31 33 34 39 40 41" },
        { 15, 3, 5, 2, "6 7 8 21 22 23 31 34 42 43 44" },
        { 15, 3, 5, 3, "9 10 11 24 25 26 31 32 34 35 45 46 47" },
        { 15, 3, 5, 4, "12 13 14 27 28 29 32 35 48 49 50" },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_rank_holds_the_groups_that_its_heads_read(int heads, int groups, int ranks, int rank, string rows)
    {
        using var mixer = new GroupedMixer(heads, groups, new Topology(rank, ranks));
        Load(mixer, ("in_proj", Numbers((3 * heads) + (2 * groups))));
        Assert.Equal(rows.Split(' ').Select(float.Parse), mixer.InProj.data<float>());
    }

    [Theory]
    [InlineData(32, 8, 32)]
    [InlineData(15, 3, 5)]
    [InlineData(15, 3, 1)]
    public void The_ranks_merge_into_what_was_loaded(int heads, int groups, int ranks)
    {
        var whole = Numbers((3 * heads) + (2 * groups));
        using var merged = Merged(ranks, topology => new GroupedMixer(heads, groups, topology), ("in_proj", whole));
        Assert.True(whole.Equals(merged.View(merged.Tensors["in_proj"])));
    }

    [Fact]
    public void Rows_that_several_ranks_hold_must_agree()
    {
        var whole = Numbers(51);
        var folders = Exported(5, topology => new GroupedMixer(15, 3, topology), ("in_proj", whole));
        using (var other = new GroupedMixer(15, 3, new Topology(1, 5)))
        {
            // Row 31 is on the ranks 1 to 3.
            whole[31] = torch.tensor(-1f);
            Load(other, ("in_proj", whole));
            other.Export(folders[1] = At("other"));
        }
        var problem = Assert.Single(Assert.Throws<ExportException>(() => CheckpointMerge.Merge(folders, At("whole"))).Problems);
        Assert.Equal(ExportProblemKind.Differs, problem.Kind);
    }

    [Theory]
    [InlineData(0, "0 1 2 3 100")]
    [InlineData(1, "4 5 6 . 100")]
    [InlineData(2, "7 8 9 10 101")]
    [InlineData(3, "11 12 13 . 101")]
    [InlineData(7, "25 26 27 . 103")]
    public void Queries_are_padded_together_with_the_key_that_they_read(int rank, string rows)
    {
        using var layer = new SharedKeys(28, 4, new Topology(rank, 8));
        Load(layer, ("q", Numbers(28)), ("k", Numbers(4).Plus(100)));
        Assert.Equal(rows.Split(' ').Select(row => row == "." ? 0 : float.Parse(row)), layer.Weight.data<float>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(28)]
    [InlineData(32)]
    public void Padded_queries_merge_into_what_was_loaded(int ranks)
    {
        using var merged = Merged(ranks, topology => new SharedKeys(28, 4, topology), ("q", Numbers(28)), ("k", Numbers(4)));
        Assert.True(Numbers(28).Equals(merged.View(merged.Tensors["q"])));
        Assert.True(Numbers(4).Equals(merged.View(merged.Tensors["k"])));
    }

    [Fact]
    public void Queries_rounded_up_beside_shared_keys_are_refused_on_every_rank()
    {
        for (var rank = 0; rank < 8; rank++)
        {
            var topology = new Topology(rank, 8);
            var error = Assert.Throws<ArgumentException>(() => new RoundedQueries(28, 4, topology));
            Assert.Contains("rank 1 of 8 would hold index 7 of queries, which reads index 1 of keys", error.Message, StringComparison.Ordinal);
            Assert.Contains("PadWithin = \"keys\"", error.Message, StringComparison.Ordinal);
            Assert.Contains("Follows = \"queries\"", error.Message, StringComparison.Ordinal);
        }
        new RoundedQueries(28, 4).Dispose();
        new RoundedQueries(32, 4, new Topology(3, 8)).Dispose();
    }

    [Fact]
    public void Both_axes_of_an_element_divided_over_the_same_ranks_are_refused()
    {
        for (var rank = 0; rank < 2; rank++)
        {
            var error = Assert.Throws<ArgumentException>(() => new DividedTwice(4, 4).Create(new Topology(rank, 2)));
            Assert.Contains("out and in of Weight, \"out in\", are both divided over the tensor-parallel ranks", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal([4, 4], new DividedTwice(4, 4).Create(Topology.Single));
        Assert.Equal([2, 1], new DividedTwice(4, 1).Create(new Topology(1, 2)));
    }

    [Fact]
    public void An_axis_that_an_instance_does_not_use_is_not_divided()
    {
        for (var rank = 0; rank < 2; rank++)
        {
            var topology = new Topology(rank, 2);
            using var layer = new SomeGroups(3, divided: false, whole: true, topology);
            Load(layer, ("whole", Numbers(3)));
            Assert.Equal([0f, 1, 2], layer.Whole!.data<float>());
            Assert.Null(layer.Divided);
            Assert.Contains("groups of size 3 does not divide over 2 tensor-parallel ranks", Assert.Throws<ArgumentException>(() => new SomeGroups(3, divided: true, whole: true, topology)).Message, StringComparison.Ordinal);
        }
        using var merged = Merged(2, topology => new SomeGroups(3, divided: false, whole: true, topology), ("whole", Numbers(3)));
        Assert.True(Numbers(3).Equals(merged.View(merged.Tensors["whole"])));
    }

    private static Tensor Numbers(long count) => arange(count, ScalarType.Float32);

    private string At(string name) => Path.Combine(_directory.FullName, name);

    private void Load<T>(T model, params (string Name, Tensor Value)[] tensors)
        where T : Module, IParameterModule
    {
        CheckpointWriter.Write(At("whole.safetensors"), tensors);
        using var checkpoint = Checkpoint.Open(At("whole.safetensors"));
        LoadPlan.Create(model, checkpoint).Execute();
    }

    private List<string> Exported<T>(int ranks, Func<Topology, T> make, params (string Name, Tensor Value)[] tensors)
        where T : Module, IParameterModule
    {
        var folders = new List<string>();
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = make(new Topology(rank, ranks));
            Load(model, tensors);
            folders.Add(At($"{rank}"));
            model.Export(folders[rank]);
        }
        return folders;
    }

    private Checkpoint Merged<T>(int ranks, Func<Topology, T> make, params (string Name, Tensor Value)[] tensors)
        where T : Module, IParameterModule
    {
        CheckpointMerge.Merge(Exported(ranks, make, tensors), At("merged"));
        return Checkpoint.Open(At("merged"));
    }
}
