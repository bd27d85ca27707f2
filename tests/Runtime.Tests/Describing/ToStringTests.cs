using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Named;

namespace Lanyard.Tests.Describing;

/// <summary>A model is shown as its tree, unless its author says otherwise.</summary>
public sealed class ToStringTests
{
    [Fact]
    public void A_model_is_shown_as_its_tree_in_short()
    {
        using var model = new TinyModel(new TinySizes());
        Assert.Equal(DescribeExtensions.Outline(model), model.ToString());
        Assert.Contains("    (mlp.experts): TinyExperts(\n      w13_weight: F32 [3, 24, 10]\n", $"{model}", StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_author_or_a_base_class_says_stays()
    {
        using var own = new OwnText();
        Assert.Equal("my own text", own.ToString());
        using var inherited = new InheritedText();
        Assert.Equal("the text of the base", inherited.ToString());
    }

    [Fact]
    public void What_an_authors_member_throws_is_part_of_the_text()
    {
        using var model = new NumberedModel(2, [[0, 1], [2]]);
        Assert.Contains("(model.layers.3): NumberedLayer(", model.ToString(), StringComparison.Ordinal);
        model.First = 3;
        Assert.Contains("what is below cannot be told: An item of a list has the number 4 of 4", model.ToString(), StringComparison.Ordinal);
        model.First = 2;
    }
}
