using Lanyard.Checkpoints;
using Lanyard.Tests.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Ranks;

/// <summary>
/// Random models on all ranks of random topologies, from file to file: what each rank holds, what it exports, and what the exports are
/// together, against the notation read element by element.
/// </summary>
public sealed class RankPropertyTests : IDisposable
{
    private const int Models = 120;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-ranks-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_all_ranks_load_refit_and_export_is_what_the_notation_says()
    {
        var (ranks, sliced, empty, kernels, formats, following, dealt, agreed, refused) = (0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (var seed = 0; seed < Models; seed++)
        {
            using var scope = NewDisposeScope();
            var random = new Random(seed);
            var tape = new Tape([.. Enumerable.Range(0, 400).Select(_ => random.Next(1000))]);
            var model = new RandomModel(tape);
            try
            {
                var run = new Life(model, new NaiveRanks(model), tape, Path.Combine(_directory.FullName, $"{seed}"));
                run.OfAllRanks();
                (ranks, sliced, empty) = (ranks + (model.Tensor * model.Expert), sliced + run.Sliced, empty + run.Empty);
                (agreed, refused) = (agreed + run.Agreed, refused + run.Refused);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}\n{model}", e);
            }
            kernels += model.Map.Parameters.Count(entry => entry.Kernel is not null);
            following += model.Map.Axes.Count(axis => axis.Follows is not null);
            dealt += model.Map.Axes.Count(axis => axis.Unit > 0 || axis.Padded || axis.PadWithin is not null || axis.Shard == Shard.FirstTensorRank);
            formats += model.Map.Parameters.Count(entry => entry.Sources.Length > 2);
        }
        Assert.All(new[] { ranks, sliced, empty, kernels, formats, following, dealt }, count => Assert.InRange(count, Models / 4, 100 * Models));
        Assert.All(new[] { agreed, refused }, count => Assert.InRange(count, 5, 100 * Models));
    }

    /// <summary>What is done with one model.</summary>
    private sealed class Life(RandomModel model, NaiveRanks naive, Tape tape, string directory)
    {
        private readonly Dictionary<string, Tensor> _first = naive.Tensors("", 1), _second = naive.Tensors("", 1001), _secondSplit = naive.Tensors("split", 1001);

        /// <summary>How many tensors a rank had a part of.</summary>
        public int Sliced { get; private set; }

        /// <summary>How many tensors a rank had nothing of.</summary>
        public int Empty { get; private set; }

        /// <summary>How often a rank took the files of another, which hold the same.</summary>
        public int Agreed { get; private set; }

        /// <summary>How often it refused them.</summary>
        public int Refused { get; private set; }

        public void OfAllRanks()
        {
            var split = tape.Chance(50);
            var ranks = new List<string>();
            var file = directory + ".safetensors";
            CheckpointWriter.Write(file, _first.Select(item => (item.Key, item.Value)));
            using var checkpoint = Checkpoint.Open(file);
            for (var tensor = 0; tensor < model.Tensor; tensor++)
            {
                for (var expert = 0; expert < model.Expert; expert++)
                {
                    ranks.Add(Path.Combine(directory, $"{tensor}-{expert}"));
                    OfOne(tensor, expert, checkpoint, ranks, split);
                }
            }
            var whole = Path.Combine(directory, "whole");
            CheckpointMerge.Merge(tape.Shuffle(ranks), whole);
            Same(split ? _secondSplit : _second, whole);
        }

        private void OfOne(int tensor, int expert, Checkpoint checkpoint, List<string> ranks, bool split)
        {
            var path = ranks[^1];
            using RandomRank copied = new(model, model.Rank(tensor, expert)), mapped = new(model, model.Rank(tensor, expert));
            LoadPlan.Create(copied, checkpoint, new LoadOptions { Access = (tensor + expert) % 2 == 0 ? CheckpointAccess.Map : CheckpointAccess.Read }).Execute();
            LoadPlan.Create(mapped, checkpoint, new LoadOptions { Mode = LoadMode.Map }).Execute();
            naive.Check(copied, tensor, expert, 1);
            naive.Check(mapped, tensor, expert, 1);
            var held = copied.Checksums();
            held.Compare(WeightChecksums.Of(checkpoint, held)).ThrowUnlessProven();

            Refit(copied, refit => refit.Write(tape.Chance(50) ? _second : _secondSplit));
            naive.Check(copied, tensor, expert, 1001);

            copied.Export(path, new ExportOptions { Format = split ? "split" : "" });
            var slices = naive.Slices(split ? "split" : "", split ? _secondSplit : _second, tensor, expert);
            Same(slices, path);
            Sliced += slices.Count(slice => slice.Value.numel() < (split ? _secondSplit : _second)[slice.Key].numel());
            Empty += (split ? _secondSplit : _second).Count - slices.Count;

            Refit(mapped, refit =>
            {
                foreach (var (name, slice) in tape.Shuffle(slices)) refit.WriteSlice(name, slice);
            });
            naive.Check(mapped, tensor, expert, 1001);

            // By address, as a transport writes that knows the regions alone.
            var weights = split ? naive.Tensors("split", 1) : _first;
            foreach (var (name, outside) in ((IParameterModule)copied).Slots(split ? "split" : "").Select(outside => (outside.Tensor, outside))) OutsideMemory.Write(outside, weights[name]);
            naive.Check(copied, tensor, expert, 1);

            // From the files themselves; those of the rank before are placed right or refused, whatever shapes they have.
            using (var own = Checkpoint.Open(path))
            {
                Refit(copied, refit => refit.Write(_first));
                Refit(copied, refit => refit.Write(own));
                naive.Check(copied, tensor, expert, 1001);
            }
            if (ranks.Count > 1)
            {
                using var other = Checkpoint.Open(ranks[^2]);
                Refit(copied, refit => refit.Write(_first));
                try
                {
                    LoadPlan.Create(copied, other).Execute(mode: RefitMode.Staged);
                    naive.Check(copied, tensor, expert, 1001);
                    Agreed++;
                }
                catch (LoadException)
                {
                    naive.Check(copied, tensor, expert, 1);
                    Refused++;
                }
            }

            // Back, element by element.
            Refit(mapped, refit =>
            {
                foreach (var (name, value) in tape.Shuffle(_first)) Scatter(refit, name, value);
            });
            naive.Check(mapped, tensor, expert, 1);

            static void Scatter(RefitSession refit, string name, Tensor value)
            {
                var order = randperm(value.numel());
                refit.Patch(name, order, value.flatten().index_select(0, order));
            }

            static void Refit(RandomRank rank, Action<RefitSession> write)
            {
                using var refit = ((IParameterModule)rank).BeginRefit(rank.Topology.TensorRank % 2 == 0 ? RefitMode.Staged : RefitMode.InPlace);
                write(refit);
                refit.Commit();
            }
        }

        private static void Same(Dictionary<string, Tensor> expected, string path)
        {
            using var checkpoint = Checkpoint.Open(path);
            Assert.Equal(expected.Keys.Order(), checkpoint.Tensors.Keys.Order());
            foreach (var (name, stored) in checkpoint.Tensors)
            {
                using var view = checkpoint.View(stored);
                Assert.Equal(expected[name].shape, view.shape);
                Assert.True(expected[name].Equals(view), $"{name} differs");
            }
        }
    }
}
