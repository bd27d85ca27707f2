using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>A condition that changes behind the back of a model would drop a loaded parameter, or ask for one that was never made.</summary>
public sealed class AmbientTests
{
    [Theory]
    [InlineData(true, "Ambient.Bias was there when the parameters were made, and its condition does not hold now")]
    [InlineData(false, "Ambient.Bias was absent when the parameters were made, and its condition holds now")]
    public void A_condition_that_changed_since_is_told_wherever_the_parameter_is_asked_for(bool before, string expected)
    {
        bool[] condition = [before];
        using var model = new Ambient(condition);
        Load();
        using var used = model.call(ones(4));
        condition[0] = !before;
        foreach (var asks in (Action[])[() => model.call(ones(4)), () => model.AllParameters().Count(), () => model.Describe(), () => Load(), () => model.Checksums()])
            Assert.StartsWith(expected, Assert.Throws<ModelStateException>(asks).Message, StringComparison.Ordinal);
        condition[0] = before;
        using var again = model.call(ones(4));
        Load();

        void Load()
        {
            using var refit = model.BeginRefit();
            refit.Write("weight", ones(4));
            if (before) refit.Write("bias", ones(4));
            refit.Commit();
        }
    }
}
