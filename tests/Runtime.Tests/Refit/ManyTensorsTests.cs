using System.Collections;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A refit that brings many tensors in one call, from a collection or from a file, which are looked up and copied side by side.</summary>
public sealed class ManyTensorsTests : IDisposable
{
    private readonly TinyScene _scene = new(new TinySizes { Layers = 40 });

    public ManyTensorsTests() => _scene.Load(_scene.First);

    public static TheoryData<RefitMode> Modes => [RefitMode.Staged, RefitMode.InPlace];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_state_dictionary_gives_the_bits_of_a_fresh_load_in_the_same_storage(RefitMode mode)
    {
        var addresses = _scene.Addresses();
        foreach (var weights in new[] { _scene.Second, TinyWeights.PerExpert(_scene.First), Strided(_scene.Second) })
        {
            using var refit = _scene.Model.BeginRefit(mode);
            refit.Write(weights);
            Assert.Equal(weights.Count, refit.Commit().Tensors);
            Assert.Equal(_scene.BitsOf(weights), _scene.Bits());
        }
        Assert.Equal(addresses, _scene.Addresses());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Large_tensors_come_with_small_ones(RefitMode mode)
    {
        using var model = new Stacked();
        using var refit = model.BeginRefit(mode);
        Tensor[] rows = [torch.randn(model.Size), torch.randn(model.Size)];
        refit.Write(new Dictionary<string, Tensor> { ["1.weight"] = rows[1], ["0.weight"] = rows[0] });
        refit.Commit();
        Assert.Equal(Bits.Of(torch.stack(rows)), Bits.Of(model.Weight));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Quantised_tensors_come_with_their_scales(RefitMode mode)
    {
        using var files = new TensorFiles();
        var checkpoint = files.Fixture("deepseek-v3-fp8");
        var sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));
        using DeepSeekAttention model = new(sizes), fresh = new(sizes);
        files.Load(model, TensorFiles.Below(checkpoint, "model.layers.1.self_attn."));
        var next = TensorFiles.Below(checkpoint, "model.layers.2.self_attn.");
        files.Load(fresh, next);
        using var refit = model.BeginRefit(mode);
        refit.Write(next);
        refit.Commit();
        Assert.Equal(Bits.Of(fresh), Bits.Of(model));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Several_threads_bring_many_each(RefitMode mode)
    {
        // Layers come in pieces, so that post-load runs in one thread while others still bring tensors.
        foreach (var seed in Enumerable.Range(0, 10))
        {
            var random = new Random(seed);
            var weights = seed % 2 == 0 ? _scene.Second : TinyWeights.PerExpert(_scene.First);
            var order = weights.ToArray();
            if (seed > 5) random.Shuffle(order);
            using var refit = _scene.Model.BeginRefit(mode);
            Parallel.ForEach(order.Chunk(random.Next(1, 60)), new ParallelOptions { MaxDegreeOfParallelism = 4 }, chunk => Bring(refit, chunk));
            refit.Commit();
            Assert.Equal(_scene.BitsOf(weights), _scene.Bits());
        }

        void Bring(RefitSession refit, KeyValuePair<string, Tensor>[] chunk)
        {
            if (chunk.Length % 3 == 0) refit.Write(chunk);
            else if (chunk.Length % 3 == 1) refit.Write(_scene.Stored(chunk));
            else foreach (var (name, value) in chunk) refit.Write(name, value);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Quantised_tensors_and_their_scales_come_from_several_threads(RefitMode mode)
    {
        using var files = new TensorFiles();
        var checkpoint = files.Fixture("deepseek-v3-fp8");
        var sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));
        using DeepSeekAttention model = new(sizes), fresh = new(sizes);
        files.Load(model, TensorFiles.Below(checkpoint, "model.layers.1.self_attn."));
        var next = TensorFiles.Below(checkpoint, "model.layers.2.self_attn.").ToArray();
        files.Load(fresh, next);
        foreach (var seed in Enumerable.Range(0, 20))
        {
            new Random(seed).Shuffle(next);
            using var refit = model.BeginRefit(mode);
            Parallel.ForEach(next.Chunk(1 + (seed % 3)), chunk => refit.Write(chunk));
            refit.Commit();
            Assert.Equal(Bits.Of(fresh), Bits.Of(model));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Everything_wrong_is_listed_at_the_commit(RefitMode mode)
    {
        var weights = _scene.Second.ToList();
        var missing = weights[3].Key;
        weights.RemoveAt(3);
        weights[7] = new(weights[7].Key, torch.zeros(1, 2, 3));
        weights.Add(new("nobody", torch.zeros(2)));
        weights.Add(weights[^2]);
        using var refit = _scene.Model.BeginRefit(mode);
        refit.Write(weights);
        var problems = Assert.Throws<LoadException>(() => refit.Commit()).Problems;
        Assert.Equal(
            [(LoadProblemKind.Duplicate, weights[^1].Key), (LoadProblemKind.Missing, missing), (LoadProblemKind.Unexpected, "nobody"), (LoadProblemKind.WrongShape, weights[7].Key)],
            problems.Select(problem => (problem.Kind, problem.Tensor)).OrderBy(problem => problem.Kind.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_wrong_is_listed_in_one_order_however_the_threads_run()
    {
        var names = Enumerable.Range(0, 500).Select(i => $"layers.{i * 7919 % 500}.nobody{i % 3}").ToList();
        var messages = new HashSet<string>();
        for (var round = 0; round < 5; round++)
        {
            using var refit = _scene.Model.BeginRefit(scope: RefitScope.Subset);
            refit.Write(names.ConvertAll(name => new KeyValuePair<string, Tensor>(name, torch.zeros(1))));
            messages.Add(Assert.Throws<LoadException>(() => refit.Commit()).Message);
        }
        Assert.Single(messages);
    }

    [Theory]
    [InlineData(RefitScope.Whole)]
    [InlineData(RefitScope.Subset)]
    public void What_was_cancelled_cannot_be_committed(RefitScope scope)
    {
        // In a subset, a half that was written in whole would pass.
        var before = _scene.Bits();
        foreach (var source in new Action<RefitSession, CancellationToken>[] { (refit, token) => refit.Write(_scene.Second, token), (refit, token) => refit.Write(_scene.Stored(_scene.Second), cancellationToken: token) })
        {
            using var refit = _scene.Model.BeginRefit(RefitMode.Staged, scope);
            Assert.Throws<OperationCanceledException>(() => source(refit, new CancellationToken(canceled: true)));
            Assert.Contains("cancelled", Assert.Throws<ModelStateException>(() => refit.Commit()).Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, _scene.Bits());
    }

    [Fact]
    public void A_tensor_that_is_gone_ends_the_write_and_the_session_cannot_be_committed()
    {
        var (before, gone) = (_scene.Bits(), torch.zeros(2));
        gone.Dispose();
        using (var refit = _scene.Model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            Assert.ThrowsAny<Exception>(() => refit.Write([.. _scene.Second, new("norm.weight", gone)]));
            Assert.Throws<ModelStateException>(() => refit.Commit());
        }
        Assert.Equal(before, _scene.Bits());
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    [Fact]
    public void Both_names_of_a_tied_tensor_come_with_the_same_bits()
    {
        const string Name = "model.embed_tokens.weight", Alias = "lm_head.weight";
        using var model = new TiedModel();
        var (one, other) = (torch.randn(5, 3), torch.randn(5, 3));
        Assert.Equal([LoadProblemKind.TiedDiffer], Assert.Throws<LoadException>(() => Refit(one, other)).Problems.Select(problem => problem.Kind));
        Refit(one, one.clone());
        Assert.Equal(Bits.Of(one), Bits.Of(model.Embedding));

        void Refit(Tensor first, Tensor second)
        {
            using var refit = model.BeginRefit();
            refit.Write(new Dictionary<string, Tensor> { [Name] = first, [Alias] = second });
            refit.Commit();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_whose_names_could_not_be_compared_cannot_be_committed(bool withProgress)
    {
        const string Name = "model.embed_tokens.weight", Alias = "lm_head.weight";
        using var model = new TiedModel();
        var value = torch.randn(5, 3);
        var gone = _scene.Stored(new Dictionary<string, Tensor> { [Alias] = value });
        gone.Dispose();
        using (var refit = model.BeginRefit())
        {
            refit.Write(Name, value);
            Assert.Throws<ObjectDisposedException>(() => refit.Write(gone, withProgress ? new Progress<LoadProgress>() : null));
            Assert.Throws<ModelStateException>(() => refit.Commit());
        }
        Assert.Equal(ModelState.Building, model.Parameters.State);
    }

    /// <summary>The same values behind other strides, which no address reaches in order.</summary>
    private static Dictionary<string, Tensor> Strided(Dictionary<string, Tensor> weights) =>
        weights.ToDictionary(item => item.Key, item => item.Value.dim() < 2 ? item.Value : item.Value.transpose(0, 1).contiguous().transpose(0, 1));

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void One_buffer_may_be_filled_again_for_each_tensor(RefitMode mode)
    {
        using (var refit = _scene.Model.BeginRefit(mode))
        {
            refit.Write(new Refilled(_scene.Second));
            refit.Commit();
        }
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    /// <summary>Tensors that are made one by one in the same memory.</summary>
    private sealed class Refilled(Dictionary<string, Tensor> tensors) : IReadOnlyCollection<KeyValuePair<string, Tensor>>
    {
        public int Count => tensors.Count;

        public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator()
        {
            using var buffer = empty(tensors.Values.Max(tensor => tensor.numel()));
            foreach (var (name, tensor) in tensors)
            {
                using var part = buffer.narrow(0, 0, tensor.numel()).view(tensor.shape);
                part.copy_(tensor);
                yield return new(name, part);
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
