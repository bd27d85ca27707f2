using Lanyard.Testing.Weights;

namespace Lanyard.Testing.Checks;

/// <summary>Brings the same bits again, and others between them: what a model holds depends on what came last alone.</summary>
internal sealed class RepeatCheck(Findings findings, Func<MadeModel> make)
{
    /// <param name="model">A model that has the first tensors, and has them in the end again.</param>
    /// <param name="set">The tensors.</param>
    public void Run(MadeModel model, WeightSet set)
    {
        var first = LiveBits.Of(model);
        foreach (var mode in (RefitMode[])[RefitMode.Staged, RefitMode.InPlace])
        {
            var how = mode == RefitMode.Staged ? "a staged refit" : "a refit in place";
            if (!Refit(set.First, "with the bits that were loaded", "after the same bits came again in", first)) return;
            if (!Refit(set.Second, "with other values", null, null)) return;
            if (mode == RefitMode.Staged) Compare(set.Label, Fresh(), LiveBits.Of(model), isSame: false, $"is not what a model has that loads the new values at once, after {how}");
            if (!Refit(set.First, "back to what was loaded", "after other values had been there in between, in", first)) return;

            bool Refit(Dictionary<string, TorchSharp.torch.Tensor> tensors, string what, string? when, LiveBits? expected)
            {
                if (!findings.Try(ModelTestCheck.Repeat, $"{set.Label}, {how} {what}", () => _ = set.Refit(model, tensors, mode))) return false;
                return expected is null || Compare(set.Label, expected, LiveBits.Of(model), isSame: true, $"{when} {how}");
            }
        }

        LiveBits Fresh()
        {
            using var fresh = make();
            _ = set.Refit(fresh, set.Second, RefitMode.InPlace);
            return LiveBits.Of(fresh);
        }
    }

    private bool Compare(string where, LiveBits expected, LiveBits found, bool isSame, string when)
    {
        var before = findings.Problems.Count;
        foreach (var (name, detail) in expected.Differences(found, isSame)) findings.Add(ModelTestCheck.Repeat, where, name, isSame ? $"{detail} {when}" : when);
        return findings.Problems.Count == before;
    }
}
