using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>A tree is of one rank, one type and one device, whoever of its classes says so.</summary>
public sealed class OneTreeTests
{
    private static readonly Topology Second = new(1, 2);

    public static TheoryData<string> Ways => ["root", "root, early", "a part", "outside"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Said_once_it_holds_for_all(string way)
    {
        using var model = way switch
        {
            "root" => new TreeRoot(() => [new(), new()], early: false, Second, ScalarType.BFloat16),
            "root, early" => new TreeRoot(() => [new(), new()], early: true, Second, ScalarType.BFloat16),
            "a part" => new TreeRoot(new TreePart(), new TreePart(Second, ScalarType.BFloat16)),
            _ => new TreeRoot(new TreePart(), new TreePart()).OnRank(Second, ScalarType.BFloat16),
        };
        Assert.Equal([3, 2, 2], model.AllParameters().Select(item => item.Parameter.ModelShape[0]));
        Assert.All(model.AllParameters(), item => Assert.Equal((Second, ScalarType.BFloat16), (item.Parameter.Owner.Topology, item.Parameter.ModelType)));
        Assert.Equal(3, model.InitialisedByHand().parameters().Count());
    }

    [Fact]
    public void Nobody_says_anything_and_one_rank_holds_all()
    {
        using var model = new TreeRoot(new TreePart(), new TreePart()).InitialisedByHand();
        Assert.Equal([6, 4, 4], model.parameters().Select(parameter => parameter.shape[0]));
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    [Fact]
    public void Children_are_on_the_device_of_the_root()
    {
        using var model = new TreeRoot(() => [new()], early: false, device: META);
        Assert.All(model.parameters(), parameter => Assert.Equal(DeviceType.META, parameter.device_type));
    }

    [Fact]
    public void Two_ranks_in_one_tree_are_refused_with_both_modules()
    {
        var error = Assert.Throws<ModelStateException>(() => new TreeRoot(() => [new(), new(Topology.Single)], early: false, Second));
        Assert.Contains("TreeRoot has tensor rank 1 of 2 and TreePart \"parts.1\" has everything, as one rank alone", error.Message, StringComparison.Ordinal);
        Assert.Contains("CreateParameters(topology, type, device)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_types_are_too()
    {
        var error = Assert.Throws<ModelStateException>(() => new TreeRoot(() => [new(type: ScalarType.Float32)], early: false, Second, ScalarType.BFloat16));
        Assert.Contains("TreeRoot has BFloat16 and TreePart \"parts.0\" has Float32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_looks_first_finds_what_nobody_could_have_seen_before()
    {
        using var model = new TreeRoot(() => [], early: true, Second);
        model.Parts.Add(new TreePart(new Topology(0, 2)));
        foreach (var look in (Action[])[() => model.BeginRefit(), () => model.AllParameters().Count(), () => model.parameters().Count(), () => model.InitialisedByHand().state_dict()])
            Assert.Contains("tensor rank 1 of 2 and TreePart \"parts.0\" has tensor rank 0 of 2", Assert.Throws<ModelStateException>(look).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_whose_parameters_were_used_before_the_tree_was_told_is_refused()
    {
        var part = new TreePart().InitialisedByHand();
        part.Weight.zero_().Dispose();
        Assert.Contains("because its parameters were used before the tree", Assert.Throws<ModelStateException>(() => new TreeRoot(() => [part], early: false, Second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_comes_later_is_as_the_model_is_now()
    {
        using var model = new TreeRoot(() => [new()], early: false, Second).InitialisedByHand();
        model.to(ScalarType.BFloat16);
        model.Parts.Add(new TreePart());
        Assert.Equal([(3, ScalarType.BFloat16), (2, ScalarType.BFloat16), (2, ScalarType.BFloat16)], model.AllParameters().Select(item => ((int)item.Parameter.ModelShape[0], item.Parameter.ModelType)));
    }

    [Fact]
    public void What_does_not_divide_is_said_of_the_whole_tree_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => new TreeRoot(() => [new()], early: false, new Topology(0, 5)));
        Assert.Contains("TreeRoot cannot be laid out: columns of size 6", error.Message, StringComparison.Ordinal);
        Assert.Contains("TreePart cannot be laid out: rows of size 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_are_made_once()
    {
        using var part = new TreePart(Second);
        Assert.Throws<ModelStateException>(() => part.OnRank(Second));
        Assert.Equal(2, part.Parameters.Weight.ModelShape[0]);
    }

    [Fact]
    public void A_list_of_layers_is_shared_among_the_stages()
    {
        using var model = new TreeRoot(new TreePart(), new TreePart(), new TreePart());
        for (var i = 0; i < 3; i++) model.Parts[i].Parameters.OfLayer(i, 3);
        model.OnRank(new Topology(0, 1, pipelineRank: 1, pipelineSize: 2));
        Assert.Equal([false, false, true], model.Parts.Select(part => part.Parameters.Weight.IsPresent));
        Assert.Equal(2, model.AllParameters().Count());
        Assert.Throws<ModelStateException>(() => model.Parts[0].Parameters.OfLayer(0, 3));
    }
}
