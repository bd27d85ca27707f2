using Lanyard.Names;

namespace Lanyard.Tests.Names;

/// <summary>Which names that came are told as which that are wanted: the right one, or none.</summary>
public sealed class NameMatchesTests
{
    // What both sides have besides, so that the words of it are known to both.
    private static readonly string[] Others =
    [
        .. from layer in new[] { "layers.0.", "layers.1." }
           from name in new[] { "self_attn.k_proj.weight", "self_attn.v_proj.weight", "mlp.gate_proj.weight", "input_layernorm.weight", "self_attn.k_proj.bias" }
           select layer + name,
    ];

    [Theory]

    // Misspelt, in the file or in the class: the wrong word is known to one side alone.
    [InlineData("layers.0.self_attn.q_porj.weight", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.self_attn.q_proj.weight", "layers.0.self_attn.q_porj.weight")]
    [InlineData("layers.0.self_attn.q_proj.wieght", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.self_attn.q_proj.weights", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.self_attn.q_proj.Weight", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.self_attn.q_proj.wight", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.mlp.dwon_proj.weight", "layers.0.mlp.down_proj.weight")]
    [InlineData("layers.0.post_atention_layernorm.weight", "layers.0.post_attention_layernorm.weight")]
    [InlineData("onrm.weight", "norm.weight")]
    [InlineData("layers.0.mlp.upp_proj.weight", "layers.0.mlp.up_proj.weight")]

    // Cases, humps, dashes, and words that are written together.
    [InlineData("layers.0.selfAttn.qProj.weight", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.self-attn.q-proj.weight", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.postAttentionLayerNorm.weight", "layers.0.post_attention_layernorm.weight")]
    [InlineData("embedtokens.weight", "embed_tokens.weight")]

    // Short forms, and words that say nothing.
    [InlineData("layers.0.mlp.down_proj.weight", "layers.0.mlp.down.weight")]
    [InlineData("layers.0.mlp.down.weight", "layers.0.mlp.down_proj.weight")]
    [InlineData("layers.0.attn.o_proj.weight", "layers.0.attention.o_proj.weight")]
    [InlineData("embeddings.weight", "embed.weight")]
    [InlineData("embedding.weight", "embed_tokens.weight")]
    [InlineData("tok_embeddings.weight", "embed_tokens.weight")]
    [InlineData("layers.0.post_attn_norm.weight", "layers.0.post_attention_layernorm.weight")]
    [InlineData("layers.0.self_attn.out_proj.weight", "layers.0.self_attn.o_proj.weight")]
    [InlineData("head.weight", "lm_head.weight")]
    [InlineData("layers.0.self_attn.query.weight", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.self_attn.q_proj", "layers.0.self_attn.q_proj.weight")]
    [InlineData("layers.0.self_attn.q_proj.weight", "layers.0.self_attn.q_proj")]

    // A level more or less.
    [InlineData("model.lm_head.weight", "lm_head.weight")]
    [InlineData("lm_head.weight", "model.lm_head.weight")]
    [InlineData("layers.0.mlp.ffn.down_proj.weight", "layers.0.mlp.down_proj.weight")]
    [InlineData("module._orig_mod.norm.weight", "norm.weight")]

    // Another weight, another layer, or nobody can tell.
    [InlineData("layers.0.self_attn.q_proj.weight", "layers.0.self_attn.o_proj.weight", false)]
    [InlineData("layers.0.mlp.up_proj.weight", "layers.0.mlp.down_proj.weight", false)]
    [InlineData("layers.2.mlp.down_proj.weight", "layers.1.mlp.down_proj.weight", false)]
    [InlineData("layers.0.self_attn.q_proj.bias", "layers.0.self_attn.q_proj.weight", false)]
    [InlineData("layers.0.self_attn.q_proj.weight_scale", "layers.0.self_attn.q_proj.weight", false)]
    [InlineData("layers.0.self_attn.q_proj.scale", "layers.0.self_attn.q_proj.weight", false)]
    [InlineData("layers.0.mlp.gate_up_proj.weight", "layers.0.mlp.up_proj.weight", false)]
    [InlineData("layers.0.self_attn.qkv_proj.weight", "layers.0.self_attn.q_proj.weight", false)]
    [InlineData("layers.0.mlp.shared_gate.weight", "layers.0.mlp.gate.weight", false)]
    [InlineData("token_type_embeddings.weight", "word_embeddings.weight", false)]
    [InlineData("embed_positions.weight", "embed_tokens.weight", false)]
    [InlineData("norm.weight", "final_norm.weight", false)]
    [InlineData("layers.0.mlp.fc1.weight", "layers.0.mlp.fc2.weight", false)]
    [InlineData("layers.0.mlp.w1.weight", "layers.0.mlp.w3.weight", false)]
    [InlineData("layers.0.post_attention_layernorm.weight", "layers.0.pre_feedforward_layernorm.weight", false)]
    [InlineData("encoder.norm.weight", "decoder.norm.weight", false)]
    [InlineData("layers.0.self_attn.q_norm.weight", "layers.0.self_attn.k_norm.weight", false)]
    [InlineData("layers.0.self_attn.z_proj.weight", "layers.0.self_attn.q_proj.weight", false)]
    [InlineData("layers.0.self_attn.k_porj.weight", "layers.0.self_attn.q_proj.weight", false)]
    [InlineData("layers.0.mlp.experts.0.up_proj.weight", "layers.0.mlp.up_proj.weight", false)]
    [InlineData("layers.0.mlp.experts.up_proj", "layers.0.mlp.experts.1.up_proj.weight", false)]
    [InlineData("layers.0.mlp.experts.10.up_proj.weight", "layers.0.mlp.experts.1.up_proj.weight", false)]
    [InlineData("height.weight", "weight.weight", false, false)]
    [InlineData("a.q_proj.qweight", "a.q_proj.weight", false, false)]
    [InlineData("rotary_emb.inv_freq", "embed_tokens.weight", false)]
    public void A_name_is_told_as_the_one_that_was_meant_or_as_none(string came, string wanted, bool isTold = true, bool fits = true)
    {
        Assert.Equal(isTold ? [(came, wanted)] : [], Pairs([came], [wanted], (_, _) => fits));
    }

    [Fact]
    public void A_word_that_both_sides_use_is_no_other_word_misspelt()
    {
        // "text" beside "test": with both on both sides they are two.
        Assert.Equal([("text.a.weight", "test.a.weight")], Pairs(["text.a.weight"], ["test.a.weight"], (_, _) => false));
        Assert.Empty(NameMatches.Of(["text.a.weight"], ["test.a.weight"], new NameVocabulary(["text.a.weight", "test.b.weight"]), new NameVocabulary(["test.a.weight", "text.b.weight"]), (_, _) => false).SelectMany(match => match.Pairs));
    }

    [Fact]
    public void What_only_looks_like_it_must_fit()
    {
        foreach (var (came, wanted) in new[] { ("head.weight", "lm_head.weight"), ("model.lm_head.weight", "lm_head.weight"), ("q", "q.weight"), ("layers.0.attn.o_proj.weight", "layers.0.attention.o_proj.weight") })
            Assert.Empty(Pairs([came], [wanted], (_, _) => false));
    }

    [Fact]
    public void Of_several_as_near_none_is_told_and_what_fits_decides()
    {
        string[] wanted = ["layers.0.attention.o_proj.weight", "layers.0.attn_block.o_proj.weight"];
        Assert.Empty(Pairs(["layers.0.attn.o_proj.weight"], wanted, (_, _) => true));
        Assert.Equal([("layers.0.attn.o_proj.weight", wanted[1])], Pairs(["layers.0.attn.o_proj.weight"], wanted, (_, name) => name == wanted[1]));

        // Two misspellings of one word, in two layers: each is told. Of one and the same tensor neither is.
        Assert.Equal(
            [("layers.0.up.wieght", "layers.0.up.weight"), ("layers.1.up.weigth", "layers.1.up.weight")],
            Pairs(["layers.0.up.wieght", "layers.1.up.weigth"], ["layers.0.up.weight", "layers.1.up.weight"], (_, _) => false));
        Assert.Empty(Pairs(["layers.0.up.wieght", "layers.0.up.weigth"], ["layers.0.up.weight"], (_, _) => true));
    }

    [Fact]
    public void Many_that_differ_alike_are_told_whatever_their_shapes()
    {
        string[] tails = ["q_proj.weight", "o_proj.weight", "down_proj.weight"];
        string[] came = [.. tails.Select(tail => $"layers.0.feed_forward.{tail}")], wanted = [.. tails.Select(tail => $"layers.0.ffn.{tail}")];
        Assert.Equal(came.Zip(wanted).Order(), Pairs(came, wanted, (_, _) => false).Order());
        Assert.Empty(Pairs(came[..2], wanted[..2], (_, _) => false));
        Assert.Equal(came[..2].Zip(wanted), Pairs(came[..2], wanted[..2], (_, _) => true));
        Assert.Empty(Pairs(came[..1], wanted[..1], (_, _) => true));

        // Below two names at once: nobody can tell which.
        string[] both = [.. wanted, .. tails.Select(tail => $"layers.0.mixer.{tail}")];
        Assert.Empty(Pairs(came, both, (_, _) => true));

        // Names that the other side has, too, are two things.
        Assert.Empty(NameMatches.Of(came, wanted, new NameVocabulary([.. came, "layers.1.ffn.up_proj.weight"]), new NameVocabulary([.. wanted, "layers.1.feed_forward.up_proj.weight"]), (_, _) => true));
    }

    [Fact]
    public async Task Names_that_are_made_to_be_compared_slowly_are_not()
    {
        string[] came = [.. Enumerable.Range(0, 20_000).Select(i => $"a{i}b.{new string('w', 200)}.weight"), string.Concat(Enumerable.Repeat("x.", 200_000)), new string('_', 200_000), new string('q', 1_000_000)];
        string[] wanted = [.. Enumerable.Range(0, 20_000).Select(i => $"c{i}d.{new string('w', 200)}.weight"), string.Concat(Enumerable.Repeat("y.", 200_000)), new string('k', 1_000_000)];
        Assert.Empty(await Task.Run(() => NameMatches.Of(came, wanted, new NameVocabulary(came), new NameVocabulary(wanted), (_, _) => true)).WaitAsync(TimeSpan.FromSeconds(60)));

        // Each may be each of the others: moved, or misspelt.
        foreach (var way in new[] { "abc{0}.down.weight", "abc{0}.up.weight", "abc{0}.gate.weight" , "a.weig{0}t" }.GroupBy(way => way[0..3]))
        {
            came = [.. Enumerable.Range(0, 5_000).SelectMany(i => way.Select(name => string.Format(null, name, $"c{(char)(0x4e00 + i)}")))];
            wanted = [.. Enumerable.Range(0, 5_000).SelectMany(i => way.Select(name => string.Format(null, name, $"w{(char)(0x4e00 + i)}")))];
            await Task.Run(() => NameMatches.Of(came, wanted, new NameVocabulary(came), new NameVocabulary(wanted), (_, _) => true)).WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    [Theory]
    [InlineData("layers.0.self_attn.k_porj.weight", "layers.0.self_attn.k_proj.weight")]
    [InlineData("model.layers.1.mlp.gate_proj.weight", "layers.1.mlp.gate_proj.weight")]
    [InlineData("layers.0.self_attn.k_proj", "layers.0.self_attn.k_proj.weight")]
    [InlineData("layers.7.mlp.gate_proj.weight", null)]
    [InlineData("nothing", null)]
    public void Who_asks_for_a_name_is_told_the_nearest_that_there_is(string name, string? nearest) => Assert.Equal(nearest, NameMatches.Nearest(name, Others));

    private static IEnumerable<(string, string)> Pairs(string[] came, string[] wanted, Func<string, string, bool> fits) =>
        NameMatches.Of(came, wanted, new NameVocabulary([.. came, .. Others]), new NameVocabulary([.. wanted, .. Others]), fits).SelectMany(match => match.Pairs);
}
