global using TorchSharp;
global using static System.FormattableString;
global using static TorchSharp.torch;
