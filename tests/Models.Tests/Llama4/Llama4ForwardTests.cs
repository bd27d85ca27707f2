using Lanyard.Models.Llama4;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

public class Llama4ForwardTests
{
    [Fact]
    public void Experts_sum_what_they_make_of_scaled_tokens()
    {
        using var scope = NewDisposeScope();
        var config = Configs.With(_ => { });
        using var experts = new Llama4Experts(config).InitialisedByHand();
        Fill(experts);
        var tokens = rand(7, 12);
        var (chosen, weights) = Llama4Router.Choose(rand(7, 5), 2);
        var scores = zeros(7, 5).scatter_(1, chosen, weights);

        var sum = experts.call(tokens, chosen, weights);

        for (var token = 0; token < 7; token++)
        {
            var expected = new double[12];
            for (var expert = 0; expert < 5; expert++)
            {
                var score = scores[token, expert].ReadDouble();
                var inner = new double[10];
                for (var i = 0; i < 10; i++)
                {
                    var (gate, up) = (0.0, 0.0);
                    for (var h = 0; h < 12; h++)
                    {
                        var x = tokens[token, h].ReadDouble() * score;
                        gate += x * experts.W13Weight[expert, i, h].ReadDouble();
                        up += x * experts.W13Weight[expert, 10 + i, h].ReadDouble();
                    }
                    inner[i] = gate / (1 + Math.Exp(-gate)) * up;
                }
                for (var h = 0; h < 12; h++) expected[h] += Enumerable.Range(0, 10).Sum(i => inner[i] * experts.W2Weight[expert, h, i].ReadDouble());
            }
            for (var h = 0; h < 12; h++) Assert.Equal(expected[h], sum[token, h].ReadDouble(), 1e-4);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Logits_have_the_type_of_the_parameters_and_leave_no_tensor_behind(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var model = new Llama4ForCausalLM(Configs.With(_ => { }), dtype: type).InitialisedByHand();
        Fill(model);
        var ids = arange(34).view(2, 17).remainder(17);
        var before = scope.DisposablesCount;

        var logits = model.Logits(ids);

        Assert.Equal(before + 1, scope.DisposablesCount);
        Assert.Equal([2, 17, 17], logits.shape);
        Assert.Equal(type, logits.dtype);
        Assert.True(logits.isfinite().all().ToBoolean());
        Assert.False(logits.requires_grad);
    }

    [Fact]
    public void Later_tokens_do_not_change_earlier_logits()
    {
        using var scope = NewDisposeScope();
        using var model = new Llama4ForCausalLM(Configs.With(json => json["attention_chunk_size"] = 4)).InitialisedByHand();
        Fill(model);
        var ids = arange(11).view(1, 11);

        var whole = model.Logits(ids).narrow(1, 0, 6);
        var part = model.Logits(ids.narrow(1, 0, 6));

        Assert.InRange((whole - part).abs().max().ReadDouble(), 0, 1e-5);
    }

    [Fact]
    public void Generation_appends_the_likeliest_token()
    {
        using var scope = NewDisposeScope();
        using var model = new Llama4ForCausalLM(Configs.With(_ => { })).InitialisedByHand();
        Fill(model);
        var prompt = arange(10).view(2, 5);
        var before = scope.DisposablesCount;

        var ids = model.Generate(prompt, 3);

        Assert.Equal(before + 1, scope.DisposablesCount);
        Assert.Equal([2, 8], ids.shape);
        Assert.Equal(prompt, ids.narrow(1, 0, 5));
        Assert.Equal(ids.narrow(1, 5, 3), model.Logits(ids).narrow(1, 4, 3).argmax(-1));
        Assert.Equal(prompt, model.Generate(prompt, 0));
    }

    [Fact]
    public void Hidden_states_begin_with_the_embedding_and_end_after_the_last_norm()
    {
        using var scope = NewDisposeScope();
        using var model = new Llama4ForCausalLM(Configs.With(_ => { })).InitialisedByHand();
        Fill(model);
        var ids = arange(10).view(2, 5);

        var states = model.Model.HiddenStates(ids);

        Assert.Equal(5, states.Count);
        Assert.Equal(model.Model.EmbedTokensWeight.index_select(0, ids.flatten()).view(2, 5, 12), states[0]);
        Assert.Equal(model.Model.call(ids, 0, null), states[4]);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void A_slice_refuses_to_run(int tensorSize, int expertSize)
    {
        using var scope = NewDisposeScope();
        using var model = new Llama4ForCausalLM(Configs.With(_ => { }), new Topology(0, tensorSize, 0, expertSize)).InitialisedByHand();

        var exception = Assert.Throws<NotSupportedException>(() => model.Logits(arange(4).view(1, 4)));

        Assert.Contains($"rank 0 of {tensorSize} (tensor) and 0 of {expertSize} (expert)", exception.Message);
    }

    [Fact]
    public void Tokens_of_another_shape_or_type_are_refused()
    {
        using var scope = NewDisposeScope();
        using var model = new Llama4ForCausalLM(Configs.With(_ => { })).InitialisedByHand();

        Assert.Throws<ArgumentException>(() => model.Logits(arange(4)));
        Assert.Throws<ArgumentException>(() => model.Logits(ones(1, 4)));
    }

    private static void Fill(nn.Module module)
    {
        using var _ = no_grad();
        using var generator = new Generator(3, CPU);
        foreach (var (name, parameter) in module.named_parameters())
        {
            using var values = randn(parameter.shape, generator: generator) / 3;
            parameter.copy_(values);
        }
    }
}
