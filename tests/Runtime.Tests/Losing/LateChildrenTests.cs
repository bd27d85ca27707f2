using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>TorchSharp's registry knows the children that the properties hold, whenever they were put there.</summary>
public sealed class LateChildrenTests : IDisposable
{
    private readonly LateChildren _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void What_is_put_into_a_list_after_the_components_were_registered_is_among_the_parameters()
    {
        _model.InitialisedByHand();
        Assert.Equal(["blocks.0.weight", "plain_0.weight", "single.weight"], _model.named_parameters().Select(parameter => parameter.name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_follows_the_model_into_evaluation_once_that_was_used()
    {
        Load();
        _model.eval();
        Assert.All([_model.Plain[0], _model.Blocks[0], _model.Single], child => Assert.False(child.training));
    }

    [Fact]
    public void A_child_that_an_initialiser_replaced_is_not_asked_for_weights()
    {
        using var model = new LateChildren { Single = new Handed() };
        Load(model);
        Assert.Equal(3, model.parameters().Count());
        Assert.Contains(model.parameters(), parameter => ReferenceEquals(parameter, model.Single.Weight));
        Assert.Equal(3, model.state_dict().Count);
    }

    private void Load(LateChildren? model = null)
    {
        using var refit = (model ?? _model).BeginRefit();
        foreach (var name in (string[])["plain.0.weight", "blocks.0.weight", "single.weight"]) refit.Write(name, ones(4, 3));
        refit.Commit();
    }
}
