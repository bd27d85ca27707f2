using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;

namespace Lanyard.Faults;

/// <summary>Refits from a file that somebody else writes over all the time: what comes of each is the weights of one side, whole, or a refusal that names the file.</summary>
internal static class OverwrittenFile
{
    private const int Most = 20_000;

    /// <summary>Refits at least so often, and until some were committed and some refused.</summary>
    /// <returns>How many were.</returns>
    public static (int Committed, int Refused) Run(WorkerFolder folder, int refits)
    {
        using var model = new Llama4ForCausalLM(Llama4Config.Load(folder.Root));
        var sides = new List<UInt128?[]>();
        for (var side = 1; side >= 0; side--)
        {
            using var source = Checkpoint.Open(folder.Source(side));
            LoadPlan.Create(model, source).Execute();
            sides.Add(Bits(model));
        }
        var (before, committed, refused) = (sides[1], 0, 0);
        for (var i = 0; i < Most && (i < refits || committed == 0 || refused == 0); i++)
        {
            var done = false;
            try
            {
                using var checkpoint = Checkpoint.Open(folder.Live);
                if (i % 5 == 4) _ = WeightChecksums.Of(checkpoint, model.Checksums());
                if (i % 3 == 2)
                {
                    LoadPlan.Create(model, checkpoint).Execute(mode: RefitMode.Staged);
                }
                else
                {
                    using var refit = model.BeginRefit();
                    refit.Write(checkpoint);
                    refit.Commit();
                }
                done = true;
                committed++;
            }
            catch (CheckpointException error) when (error.Message.Contains(folder.Live, StringComparison.Ordinal))
            {
                refused++;
            }
            var now = Bits(model);
            if (!(done ? sides : [before]).Exists(side => side.AsSpan().SequenceEqual(now))) throw new InvalidOperationException($"After {i} refits, {committed} of them committed, the model has the weights of {(done ? "neither side" : "another side, though the last was refused")}.");
            before = now;
        }
        return (committed, refused);
    }

    private static UInt128?[] Bits(Llama4ForCausalLM model) => [.. model.Checksums().Slots.Select(slot => slot.Hash)];
}
