using Lanyard.Models.Llama4;

namespace Lanyard.Models.Tests.Llama4;

public class RotaryFrequenciesTests
{
    [Fact]
    public void Without_scaling_they_are_powers_of_the_base()
    {
        var frequencies = RotaryFrequencies.Of(Configs.With(json => (json["rope_scaling"], json["head_dim"]) = (null, 128)));

        Assert.Equal(64, frequencies.Length);
        for (var pair = 0; pair < 64; pair++) AssertClose(Math.Pow(10000, -2.0 * pair / 128), frequencies[pair]);
    }

    [Fact]
    public void Scaling_keeps_short_waves_stretches_long_ones_and_interpolates_between()
    {
        var frequencies = RotaryFrequencies.Of(Configs.With(json => json["head_dim"] = 64));

        var (kept, between, stretched) = (0, 0, 0);
        for (var pair = 0; pair < 32; pair++)
        {
            var frequency = Math.Pow(10000, -2.0 * pair / 64);
            var turns = 32 / (2 * Math.PI / frequency);
            double expected;
            if (turns > 4) (expected, kept) = (frequency, kept + 1);
            else if (turns < 1) (expected, stretched) = (frequency / 8, stretched + 1);
            else (expected, between) = (((4 - turns) / 3 * frequency / 8) + ((turns - 1) / 3 * frequency), between + 1);
            AssertClose(expected, frequencies[pair]);
        }
        Assert.True(kept > 0 && between > 0 && stretched > 0);
    }

    [Fact]
    public void Equal_factors_leave_nothing_between()
    {
        var frequencies = RotaryFrequencies.Of(Configs.With(json => (json["head_dim"], json["rope_scaling"]!["high_freq_factor"]) = (64, 1.0)));

        for (var pair = 0; pair < 32; pair++)
        {
            var frequency = Math.Pow(10000, -2.0 * pair / 64);
            AssertClose(2 * Math.PI / frequency > 32 ? frequency / 8 : frequency, frequencies[pair]);
        }
    }

    private static void AssertClose(double expected, float actual) => Assert.InRange(actual / expected, 1 - 1e-6, 1 + 1e-6);
}
