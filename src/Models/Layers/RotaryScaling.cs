namespace Lanyard.Models.Layers;

/// <summary>How rotary frequencies are changed for sequences longer than those of the training.</summary>
public abstract record RotaryScaling
{
    /// <summary>What cosines and sines are multiplied with.</summary>
    public virtual double Amplitude => 1;

    /// <summary>Reads the base and the scaling: <c>rope_theta</c> and <c>rope_scaling</c> in older files, all of it in <c>rope_parameters</c> in newer ones. A scaling that is not known is refused.</summary>
    /// <param name="text">The object that has them.</param>
    /// <param name="theta">The base where the file has none.</param>
    /// <param name="maxPositions">The longest sequence where the file has none.</param>
    public static (double Theta, RotaryScaling? Scaling) Read(ConfigReader text, double theta = 10000, int maxPositions = 2048)
    {
        ArgumentNullException.ThrowIfNull(text);
        theta = text.Number("rope_theta", theta);
        RotaryScaling? scaling = null;

        // Of the two transformers takes the older one alone, whatever the other says.
        if (text.Has("rope_scaling") && text.Has("rope_parameters")) text.Fail("rope_scaling", "stands beside rope_parameters, and one of the two is meant: leave out the other");
        foreach (var key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (text.Object(key) is not { } rope) continue;
            theta = rope.Number("rope_theta", theta);
            if (rope.ObjectKeys().FirstOrDefault() is { } layerType) rope.Fail(layerType, "is an object: one rotation for all layers is expected");
            scaling = ReadOne(text, rope, maxPositions);
        }
        if (theta <= 0) text.Fail("rope_theta", FormattableString.Invariant($"is {theta}, not positive"));
        return (theta, scaling);
    }

    /// <summary>Reads the scaling alone, from the object that has it.</summary>
    /// <param name="text">The object around that one.</param>
    /// <param name="rope">The object.</param>
    /// <param name="maxPositions">The longest sequence where the file has none.</param>
    internal static RotaryScaling? ReadOne(ConfigReader text, ConfigReader rope, int maxPositions = 2048)
    {
        var scaling = Read(rope, text.Int("max_position_embeddings", maxPositions));
        if (scaling is Llama3Scaling or YarnScaling && OriginalOf(text, rope) is { } unclear) rope.Fail("original_max_position_embeddings", unclear);
        return scaling;
    }

    /// <summary>The scaled frequencies.</summary>
    /// <param name="frequencies">One for each pair.</param>
    /// <param name="theta">The base of them.</param>
    internal abstract float[] Scale(float[] frequencies, double theta);

    private static RotaryScaling? Read(ConfigReader rope, int maxPositions)
    {
        // Older files call it type.
        var key = rope.Has("rope_type") || !rope.Has("type") ? "rope_type" : "type";
        var original = rope.Int("original_max_position_embeddings", maxPositions);
        RotaryScaling? scaling = rope.Text(key, "default") switch
        {
            "default" => null,
            "linear" => new LinearScaling(rope.RequiredNumber("factor")),
            "factors" => new FactorScaling([.. rope.Numbers("factors") ?? []]),
            "llama3" => new Llama3Scaling(rope.RequiredNumber("factor"), rope.RequiredNumber("low_freq_factor"), rope.RequiredNumber("high_freq_factor"), original),
            "yarn" => new YarnScaling(rope.RequiredNumber("factor"), original)
            {
                BetaFast = rope.Number("beta_fast", 32),
                BetaSlow = rope.Number("beta_slow", 1),
                Truncate = rope.Flag("truncate", true),
                MScale = rope.Number("mscale", 0),
                MScaleAllDim = rope.Number("mscale_all_dim", 0),
                AttentionFactor = rope.Has("attention_factor") ? rope.Number("attention_factor", 1) : null,
            },
            var other => Unknown(rope, key, other),
        };
        return rope.AnyFailed ? null : scaling;
    }

    /// <summary>What is wrong with the original length, which scales each frequency: files have it in either place, or mean the longest sequence.</summary>
    private static string? OriginalOf(ConfigReader text, ConfigReader rope)
    {
        const string Key = "original_max_position_embeddings";
        if (!text.Has(Key)) return rope.Has(Key) || text.Has("max_position_embeddings") ? null : "is missing, as is max_position_embeddings, which would stand for it";
        return rope.Has(Key) && rope.Int(Key, 0) == text.Int(Key, 0) ? null : $"is not the {text.Int(Key, 0)} that the configuration itself has under that name: which of them is meant?";
    }

    private static RotaryScaling? Unknown(ConfigReader rope, string key, string type)
    {
        rope.Fail(key, $"is \"{type}\": only default, linear, llama3, yarn and factors are supported");
        return null;
    }
}
