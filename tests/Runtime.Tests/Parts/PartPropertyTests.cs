using CsCheck;
using Lanyard.Checkpoints;
using Lanyard.Layouts;
using Lanyard.Tests.Export;
using Lanyard.Tests.Layouts;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Parts;

/// <summary>Random layouts on random ranks: slices and chunks of them, found element by element, give what whole tensors give.</summary>
public sealed class PartPropertyTests
{
    private const int Samples = 600;

    [Fact]
    public void Slices_give_what_whole_tensors_give() => Sample((scene, _) =>
        Equal(scene, refit =>
        {
            foreach (var (name, slice) in scene.Slices) refit.WriteSlice(name, slice);
        }));

    [Fact]
    public void Chunks_of_whole_tensors_give_what_whole_tensors_give() => Sample((scene, tape) =>
        Equal(scene, refit =>
        {
            foreach (var (name, start, chunk) in tape.Shuffle(scene.Whole.SelectMany(item => Chunks(item.Key, item.Value, tape)))) refit.Write(name, chunk, start);
        }));

    [Fact]
    public void Chunks_of_slices_give_what_whole_tensors_give() => Sample((scene, tape) =>
        Equal(scene, refit =>
        {
            foreach (var (name, start, chunk) in tape.Shuffle(scene.Slices.SelectMany(item => Chunks(item.Key, item.Value, tape)))) refit.WriteSlice(name, chunk, start);
        }));

    [Fact]
    public void A_chunk_less_is_missing_and_a_chunk_more_is_there_twice() => Sample((scene, tape) =>
    {
        var chunks = scene.Whole.SelectMany(item => Chunks(item.Key, item.Value, tape)).Where(chunk => chunk.Chunk.numel() > 0).ToList();
        var odd = tape.Below(chunks.Count);
        var (name, start, chunk) = chunks[odd];
        if (chunk.numel() == scene.Whole[name].numel()) return;

        using var twice = scene.Model();
        using (var refit = ((IParameterModule)twice).BeginRefit())
        {
            foreach (var item in chunks.Append(chunks[odd])) refit.Write(item.Name, item.Chunk, item.Start);
            var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
            Assert.Equal((LoadProblemKind.Duplicate, name), (problem.Kind, problem.Tensor));
        }

        // What no slot takes may be left out.
        var taken = scene.Taken(name, start, chunk.shape);
        using var less = scene.Model();
        using (var refit = ((IParameterModule)less).BeginRefit())
        {
            foreach (var item in chunks.Where((_, i) => i != odd)) refit.Write(item.Name, item.Chunk, item.Start);
            if (taken == 0)
            {
                refit.Commit();
                return;
            }
            var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
            Assert.Equal((LoadProblemKind.Missing, name), (problem.Kind, problem.Tensor));
            var all = scene.Taken(name, new long[start.Length], scene.Whole[name].shape);
            Assert.StartsWith($"all {all} elements", problem.Expected, StringComparison.Ordinal);
            Assert.StartsWith($"{all - taken}, without [", problem.Found, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void What_a_rank_loaded_it_exports_also_where_an_element_has_several_places()
    {
        var (exported, repeated, spoiled) = (0, 0, 0);
        Sample((scene, tape) =>
        {
            using var model = scene.Model();
            using (var refit = ((IParameterModule)model).BeginRefit())
            {
                foreach (var (name, tensor) in scene.Whole) refit.Write(name, tensor);
                refit.Commit();
            }
            if (Exported(model) is not { } stored) return;
            Assert.Equal(ExportScene.Stored(scene.Slices), stored);
            Interlocked.Increment(ref exported);

            // Another value in one of several places is no value of the element.
            var several = scene.Places().Where(places => places.Count() > 1).ToList();
            if (several.Count == 0) return;
            Interlocked.Increment(ref repeated);
            model.Value.view(-1)[several[tape.Below(several.Count)].Last()].fill_(-3);
            var refusal = Assert.Throws<ExportException>(() => Exported(model));
            Assert.Equal(ExportProblemKind.Overlap, Assert.Single(refusal.Problems).Kind);
            Interlocked.Increment(ref spoiled);
        });
        Assert.InRange(exported, Samples / 10, Samples);
        Assert.All(new[] { repeated, spoiled }, count => Assert.InRange(count, Samples / 100, Samples));
    }

    [Fact]
    public void A_value_where_a_source_has_padding_is_refused_however_it_comes()
    {
        var (whole, slices) = (0, 0);
        Sample((scene, tape) =>
        {
            var places = scene.Padding(scene.Whole, scene.Axes.Select(axis => axis with { Held = AxisShare.All })).ToList();
            if (places.Count > 0)
            {
                var (name, position) = places[tape.Below(places.Count)];
                var spoiled = Spoiled(scene.Whole, name, position);

                // A rank that takes nothing of a tensor is not given it in chunks.
                Refused(scene, name, refit => Array.ForEach([.. spoiled], item => refit.Write(item.Key, item.Value)));
                Refused(scene, name, refit => Array.ForEach([.. spoiled.SelectMany(item => Chunks(item.Key, item.Value, tape))], item => refit.Write(item.Name, item.Chunk, item.Start)));
                Interlocked.Increment(ref whole);
            }
            places = [.. scene.Padding(scene.Slices, scene.Axes)];
            if (places.Count > 0)
            {
                var (name, position) = places[tape.Below(places.Count)];
                var spoiled = Spoiled(scene.Slices, name, position);
                Refused(scene, name, refit => Array.ForEach([.. spoiled], item => refit.WriteSlice(item.Key, item.Value)));
                Refused(scene, name, refit => Array.ForEach([.. spoiled.SelectMany(item => Chunks(item.Key, item.Value, tape))], item => refit.WriteSlice(item.Name, item.Chunk, item.Start)));
                Interlocked.Increment(ref slices);
            }
        });
        Assert.All(new[] { whole, slices }, count => Assert.InRange(count, 1, Samples));
    }

    [Fact]
    public void Random_ranks_are_worth_it()
    {
        var (scenes, sliced, empty, fused, listed) = (0, 0, 0, 0, 0);
        Sample((scene, _) =>
        {
            Interlocked.Increment(ref scenes);
            Interlocked.Add(ref empty, scene.Slices.Count < scene.Whole.Count ? 1 : 0);
            Interlocked.Add(ref sliced, scene.Slices.Any(slice => slice.Value.numel() < scene.Whole[slice.Key].numel()) ? 1 : 0);
            Interlocked.Add(ref fused, scene.Slices.Any(slice => slice.Value.dim() < scene.Axes.Count(axis => !axis.Held.IsAll)) ? 1 : 0);
            Interlocked.Add(ref listed, scene.Axes.Any(axis => !axis.Held.IsAll && axis.Held.Runs(axis.Size).Length > 1) ? 1 : 0);
        });
        Assert.InRange(scenes, Samples / 4, Samples);
        Assert.All(new[] { sliced, empty, fused, listed }, count => Assert.InRange(count, Samples / 50, Samples));
    }

    private static void Sample(Action<ArrangedScene, Tape> test) => Gen.Select(RandomLayout.Repeating, Gen.Int[0, 999].Array[120]).Sample(
        (layout, choices) =>
        {
            using var scope = NewDisposeScope();
            var tape = new Tape(choices);
            if (ArrangedScene.Of(layout, tape) is { } scene) test(scene, tape);
        },
        iter: Samples);

    /// <summary>What a model exports; null where tensors have elements that no parameter has.</summary>
    private static SortedDictionary<string, (CheckpointType Type, string Shape, string Bits)>? Exported(IParameterModule model)
    {
        var directory = Directory.CreateTempSubdirectory("lanyard-parts-");
        try
        {
            model.Export(directory.FullName);
            return ExportScene.Stored(directory.FullName);
        }
        catch (ExportException refusal) when (refusal.Problems.All(problem => problem.Kind == ExportProblemKind.Uncovered))
        {
            return null;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Dictionary<string, Tensor> Spoiled(IReadOnlyDictionary<string, Tensor> tensors, string name, int position)
    {
        var spoiled = tensors.ToDictionary(item => item.Key, item => item.Key == name ? item.Value.clone() : item.Value);
        spoiled[name].view(-1)[position].fill_(7);
        return spoiled;
    }

    private static void Refused(ArrangedScene scene, string name, Action<RefitSession> write)
    {
        using var model = scene.Model();
        using var refit = ((IParameterModule)model).BeginRefit();
        write(refit);
        var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems, problem => problem.Kind == LoadProblemKind.WrongPadding);
        Assert.Equal(name, problem.Tensor);
        Assert.StartsWith("7 at [", problem.Found, StringComparison.Ordinal);
    }

    private static void Equal(ArrangedScene scene, Action<RefitSession> write)
    {
        using ArrangedParameters expected = scene.Model(), model = scene.Model();
        using (var refit = ((IParameterModule)expected).BeginRefit())
        {
            foreach (var (name, tensor) in scene.Whole) refit.Write(name, tensor);
            refit.Commit();
        }
        using (var refit = ((IParameterModule)model).BeginRefit())
        {
            write(refit);
            refit.Commit();
        }
        Assert.Equal(Bits.Of(expected.Value), Bits.Of(model.Value));
    }

    /// <summary>A tensor cut at random places along each dimension.</summary>
    private static IEnumerable<(string Name, long[] Start, Tensor Chunk)> Chunks(string name, Tensor tensor, Tape tape)
    {
        List<(long[] Start, Tensor Chunk)> chunks = [([], tensor)];
        for (var d = 0; d < tensor.dim(); d++)
        {
            var cuts = Enumerable.Range(1, (int)Math.Max(0, tensor.shape[d] - 1)).Where(_ => tape.Chance(30)).Select(at => (long)at).ToArray();
            long[] bounds = [0, .. cuts, tensor.shape[d]];
            var dimension = d;
            chunks = [.. chunks.SelectMany(chunk => bounds.Zip(bounds.Skip(1), (from, to) => (Start: (long[])[.. chunk.Start, from], Chunk: chunk.Chunk.narrow(dimension, from, to - from))))];
        }
        return chunks.Select(chunk => (name, chunk.Start, chunk.Chunk));
    }
}
