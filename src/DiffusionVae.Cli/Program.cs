using TorchSharp;
Console.WriteLine(torch.randn(3).ToString(TensorStringStyle.Julia));
