using Lanyard.Checkpoints;
using Lanyard.Tests.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Ranks;

/// <summary>Random models on random ranks, whose experts are dealt out anew again and again while they live, against the notation read element by element.</summary>
public sealed class PlacementChangeTests : IDisposable
{
    private const int Models = 150;
    private const int Changes = 5;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-placing-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_stays_is_moved_and_what_lacks_is_named_and_brought()
    {
        var (whole, incomplete, inPlace) = (0, 0, 0);
        for (var seed = 0; seed < Models; seed++)
        {
            using var scope = NewDisposeScope();
            var random = new Random(seed);
            var tape = new Tape([.. Enumerable.Range(0, 600).Select(_ => random.Next(1000))]);
            var model = new RandomModel(tape, listed: true);
            if (!model.ExpertAxes.Any()) continue;
            try
            {
                var naive = new NaiveRanks(model);
                var (tensor, expert) = (tape.Below(model.Tensor), tape.Below(model.Expert));
                using var rank = new RandomRank(model, model.Rank(tensor, expert));
                var file = Path.Combine(_directory.FullName, $"{seed}.safetensors");
                CheckpointWriter.Write(file, naive.Tensors("", 1).Select(item => (item.Key, item.Value)));
                using (var checkpoint = Checkpoint.Open(file)) LoadPlan.Create(rank, checkpoint).Execute();
                var (first, known) = (1, Held().ToHashSet());

                IEnumerable<string> Held() => model.Sizes.Keys.SelectMany(axis => model.Held(tensor, expert)(axis).OfType<int>().Select(index => $"{axis}={index}"));

                string Shapes() => string.Join(",", model.Sizes.Keys.Select(axis => model.Held(tensor, expert)(axis).Length));

                for (var change = 0; change < Changes; change++)
                {
                    var (shapes, isAsLong) = (Shapes(), true);
                    Assert.Equal(ModelState.Loaded, rank.State);
                    naive.Check(rank, tensor, expert, first);
                    var before = rank.Select(parameter => parameter.Value.numel() == 0 ? 0 : TensorAddress.Of(parameter.Value)).ToArray();

                    // Once, or there and somewhere else without a refit between.
                    HashSet<string> missing;
                    var report = (PlacementReport?)null;
                    do
                    {
                        model.Deal();
                        report = rank.PlaceExperts(model.Experts);
                        isAsLong &= shapes == Shapes();
                        known.IntersectWith(Held());
                        missing = [.. Held().Except(known)];
                    }
                    while (tape.Chance(40));
                    Assert.Equal(naive.Of("", missing, tensor, expert).Order(), report.Missing.Order());
                    if (isAsLong && rank.State == ModelState.Loaded)
                    {
                        Assert.Equal(before, rank.Select(parameter => parameter.Value.numel() == 0 ? 0 : TensorAddress.Of(parameter.Value)));
                        inPlace++;
                    }
                    if (rank.State == ModelState.Loaded)
                    {
                        Assert.Empty(report.Missing);
                        known = [.. Held()];
                        whole++;
                        continue;
                    }
                    incomplete++;
                    Assert.All(rank, parameter => Assert.Throws<ModelStateException>(() => parameter.Value));
                    var (format, mode) = (tape.Chance(50) ? "" : "split", tape.Chance(50) ? RefitMode.Staged : RefitMode.InPlace);
                    var subset = tape.Chance(60);
                    if (!subset) first += 1000;
                    var tensors = naive.Tensors(format, first);
                    var needed = naive.Of(format, missing, tensor, expert).ToList();
                    using var refit = rank.BeginRefit(mode, subset ? RefitScope.Subset : RefitScope.Whole);
                    foreach (var (name, value) in tape.Shuffle(tensors.Where(item => !subset || needed.Contains(item.Key)))) refit.Write(name, value);
                    refit.Commit();
                    known = [.. Held()];
                    var held = rank.Checksums(format);
                    held.Compare(WeightChecksums.Of(tensors.Select(item => (item.Key, item.Value)), held)).ThrowUnlessProven();
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}\n{model}", e);
            }
        }
        Assert.All(new[] { whole, incomplete, inPlace }, count => Assert.InRange(count, Models / 8, Changes * Models));
    }
}
